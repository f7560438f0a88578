/** Cards of the house: disclosures, breaks, help. Paper and ink; never the voice's colour. */

import { el, icon, isSafeHref } from "./dom.js";
import { gettext } from "./i18n.js";

/** @import { Action, Notice } from "./types.js" */
/** @typedef {{ label: string, run: () => void }} Press */

/**
 * A notice of a turn, or a disclosure that fell due, with what else can be pressed.
 * @param {Notice} notice
 * @param {Press[]} presses
 */
export function houseCard({ kind, title, text, actions = [] }, presses) {
  const heading = el("h2", { text: title || headingOf(kind) });
  const links = safe(actions).map((action) => link(action, "btn btn-quiet btn-s"));
  const buttons = presses.map(({ label, run }) => press(label, run, "btn btn-ink btn-s"));
  const acts = el("div", { class: "acts" }, ...buttons, ...links);
  const source = from(gettext("From Voice Companion"));
  return el("section", { class: "house arrives" }, source, heading, el("p", { text }), acts);
}

/** @param {string} kind */
function headingOf(kind) {
  if (kind === "disclosure") return gettext("You’re talking to an AI");
  if (kind === "break") return gettext("Time for a break?");
  return kind === "quota" ? gettext("About your plan") : gettext("A note");
}

/**
 * Help in a crisis: stays until answered, and takes the focus. `done` runs when the fan goes back to the chat.
 * @param {Notice} notice
 * @param {string} name
 * @param {() => void} done
 */
export function crisisCard({ title, text, actions = [] }, name, done) {
  const helps = safe(actions).map((action, index) =>
    el("li", {}, link(action, `btn btn-${index === 0 ? "ink" : "quiet"} btn-wide`)),
  );
  const heading = el("h2", { tabindex: "-1", text: title || gettext("Please talk to a person now") });
  const back = press(gettext("I’m safe, back to the chat"), done, "btn btn-text btn-wide");
  const source = from(gettext("From Voice Companion, not from {name}", { name }));
  return el(
    "section",
    { class: "house crisis", "aria-label": gettext("Help") },
    source,
    heading,
    el("p", { text }),
    el("ul", { class: "help" }, ...helps),
    back,
  );
}

/** @param {string} text */
function from(text) {
  return el("p", { class: "from" }, icon("house"), el("span", { text }));
}

/** @param {Action[]} actions */
function safe(actions) {
  return actions.filter(({ href }) => isSafeHref(href));
}

/** @param {Action} action @param {string} style */
function link({ label, href }, style) {
  const away = href.startsWith("https:") && { target: "_blank", rel: "noopener noreferrer" };
  return el("a", { class: style, href, ...away }, icon(kindOf(href), "i-m"), el("span", { text: whole(label) }));
}

/** A number to call does not break over two lines. @param {string} label */
function whole(label) {
  return label.replace(/(?<=\d) (?=\d)/g, "\u00a0");
}

/** @param {string} href */
function kindOf(href) {
  if (href.startsWith("tel:")) return "call";
  return href.startsWith("sms:") ? "text" : "away";
}

/** @param {string} label @param {() => void} run @param {string} style */
function press(label, run, style) {
  return el("button", { type: "button", class: style, text: label, onclick: run });
}
