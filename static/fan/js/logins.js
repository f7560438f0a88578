/**
 * Where the fan is logged in, and logging out everywhere.
 * @import { LoginSession, ViewContext } from "./types.js"
 */

import { SignedOut } from "./auth.js";
import { askFirst } from "./sheet.js";
import { ago } from "./calendar.js";
import { el, part } from "./dom.js";
import { gettext, ngettext } from "./i18n.js";
import { forgetFan } from "./keepsakes.js";
import { formTrouble } from "./texts.js";

/**
 * @param {HTMLElement} root
 * @param {ViewContext} ctx
 * @returns {{ refresh(): Promise<void> }}
 */
export function showLogins(root, ctx) {
  const list = part(root, "[data-logins]");
  const trouble = part(root, "[data-logins-trouble]");
  let count = 1;

  async function refresh() {
    await guarded(async () => {
      const logins = await ctx.api.logins();
      count = logins.count;
      list.replaceChildren(...[...logins.items].sort(currentFirst).map(row));
      list.removeAttribute("aria-busy");
    });
  }

  /** @param {() => Promise<void>} work */
  async function guarded(work) {
    try {
      await work();
      trouble.textContent = "";
    } catch (error) {
      if (error instanceof SignedOut) return ctx.leave("");
      trouble.textContent = formTrouble(error);
    }
  }

  async function endAll() {
    const text = ngettext(
      "This device is the only one that is logged in.",
      "{count} devices are logged in. Each of them, this one too, will ask for the password again.",
      count,
    );
    if (!(await askFirst({ title: gettext("Log out everywhere?"), text, action: gettext("Log out everywhere") }))) return;
    await guarded(async () => {
      await ctx.api.endLogins();
      ctx.session.outbox.clear();
      forgetFan({ local: localStorage, session: sessionStorage });
      await ctx.leave(gettext("You are logged out on every device."));
    });
  }

  part(root, "[data-everywhere]").addEventListener("click", () => void endAll());
  void refresh();
  return { refresh };
}

/** @param {LoginSession} one @param {LoginSession} other */
function currentFirst(one, other) {
  return Number(other.current) - Number(one.current);
}

/** @param {LoginSession} login */
function row({ browser, system, current, last_seen_at }) {
  const seen = current ? gettext("This device") : gettext("Last active {when}", { when: ago(last_seen_at) });
  return el("li", { class: "row" }, el("div", {}, el("b", { text: deviceWords(browser, system) }), el("small", { text: seen })));
}

/** @param {string} browser @param {string} system */
function deviceWords(browser, system) {
  if (browser && system) return gettext("{browser} on {system}", { browser, system });
  return browser || system || gettext("A device without a name");
}
