/** In which words, and when, the fan said something; and what she can do about a memory. */

import { el, icon } from "./dom.js";
import { gettext } from "./i18n.js";
import { WITHHELD } from "./memories.js";
import { messagePath } from "./router.js";
import { dayAndClock } from "./times.js";
import { inQuotes } from "./wording.js";

/** @import { MemorySource } from "./types.js" */

/**
 * The fan's words, and the way to where she said them.
 * @param {MemorySource} source
 * @param {string} slug
 * @param {(message: string) => void} find
 */
export function told({ message, quote, said_at: at }, slug, find) {
  const link = el("a", { href: messagePath(slug, message), text: gettext("{when}, in chat", { when: dayAndClock(at) }) });
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    find(message);
  });
  const words = quote === WITHHELD ? el("p", { class: "muted", text: gettext("Your words are not kept.") }) : el("p", { dir: "auto", text: inQuotes(quote) });
  return el("blockquote", {}, words, link);
}

/**
 * Correct and Forget.
 * @param {string} text what they are about, for who only hears the buttons
 * @param {() => void} correct
 * @param {() => void} forget
 */
export function memoryActs(text, correct, forget) {
  return el("div", { class: "acts" }, act("edit", gettext("Correct"), text, correct), act("bin", gettext("Forget"), text, forget));
}

/** @param {string} symbol @param {string} label @param {string} about @param {() => void} run */
function act(symbol, label, about, run) {
  const hidden = el("span", { class: "vh", text: `: ${about}` });
  return el("button", { type: "button", class: "btn btn-text btn-s", onclick: run }, icon(symbol, "i-m"), label, hidden);
}
