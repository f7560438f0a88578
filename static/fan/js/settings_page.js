/**
 * The fan's settings: the account, this device, logins, and what the app is.
 * @import { View, ViewContext } from "./types.js"
 * @import { NotifyState } from "./notify_choice.js"
 * @import { Theme } from "./theme.js"
 */

import { showAccountFields } from "./account_fields.js";
import { SignedOut } from "./auth.js";
import { showDisclosures } from "./disclosures.js";
import { part, show } from "./dom.js";
import { followLinks } from "./forms.js";
import { gettext } from "./i18n.js";
import { showLogins } from "./logins.js";
import { chooseNotifications, notifyState } from "./notify_choice.js";
import { showPasswordForm } from "./password_form.js";
import { listen, setTheme } from "./preferences.js";
import { formTrouble } from "./texts.js";
import { theme } from "./theme.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function settingsView(ctx) {
  const stop = new AbortController();
  const root = show("settings", ctx.artist);
  followLinks(root, ctx.go);
  showAccountFields(root, ctx, stop.signal);
  showTheme(root, stop.signal);
  showNotifications(root, stop.signal);
  const logins = showLogins(root, ctx);
  showPasswordForm(root, ctx, () => void logins.refresh());
  showAbout(root, ctx);
  part(root, "[data-logout]").addEventListener("click", () => void ctx.logOut());
  return { title: gettext("Settings"), dispose: () => stop.abort() };
}

/** @param {HTMLElement} root @param {AbortSignal} signal */
function showTheme(root, signal) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const choices = root.querySelectorAll("[name=theme]");
  const draw = () => choices.forEach((choice) => (choice.checked = choice.value === theme()));
  for (const choice of choices) choice.addEventListener("change", () => setTheme(/** @type {Theme} */ (choice.value)));
  listen((choice) => "theme" in choice && draw(), signal);
  draw();
}

/** @param {HTMLElement} root @param {AbortSignal} signal */
function showNotifications(root, signal) {
  /** @type {HTMLInputElement} */
  const toggle = part(root, "[data-notify]");
  const draw = (/** @type {NotifyState} */ state) => {
    toggle.checked = state === "on";
    toggle.disabled = state === "unsupported";
    part(root, "[data-notify-why]").textContent = notifyWords(state);
  };
  toggle.addEventListener("change", async () => draw(await chooseNotifications(toggle.checked)));
  window.addEventListener("storage", () => draw(notifyState()), { signal });
  document.addEventListener("visibilitychange", () => draw(notifyState()), { signal }); // allowed in the browser meanwhile
  draw(notifyState());
}

/** @param {NotifyState} state */
function notifyWords(state) {
  if (state === "unsupported") return gettext("This browser cannot show notifications.");
  if (state === "blocked") return gettext("This browser blocks them: allow notifications for this site in its settings.");
  return gettext("While you are elsewhere. On this device only.");
}

/** @param {HTMLElement} root @param {ViewContext} ctx */
function showAbout(root, ctx) {
  /** @type {HTMLDetailsElement} */
  const details = part(root, "[data-told]");
  const place = part(details, "[data-disclosures]");
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      const { items } = await ctx.api.disclosures(ctx.slug);
      showDisclosures(place, items.map((item) => ({ ...item, must_acknowledge: false })));
    } catch (error) {
      if (error instanceof SignedOut) return ctx.leave("");
      place.textContent = formTrouble(error);
    }
  });
  part(root, "[data-release]").textContent = gettext("Version {release}", { release: release() });
}

/** The release of the files that this page was made of (their address carries it). */
function release() {
  return /\/static\/([^/]+)\/fan\//.exec(import.meta.url)?.[1] ?? "";
}
