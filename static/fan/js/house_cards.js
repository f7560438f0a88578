/** Cards of the house: disclosures, breaks, help. Paper and ink; never the voice's colour. */

import { el, icon, isSafeHref } from "./dom.js";

/** A notice of a turn, or a disclosure that fell due. actions: what else can be pressed, [{label, run}]. */
export function houseCard({ kind, title, text, actions = [] }, presses) {
  const heading = el("h2", { text: title || HEADINGS[kind] || "A note" });
  const links = actions.filter(({ href }) => isSafeHref(href)).map((action) => link(action, "btn btn-quiet btn-s"));
  const buttons = presses.map(({ label, run }) => press(label, run, "btn btn-ink btn-s"));
  const acts = el("div", { class: "acts" }, ...buttons, ...links);
  return el("section", { class: "house arrives" }, from("From Voice Companion"), heading, el("p", { text }), acts);
}

const HEADINGS = { disclosure: "You’re talking to an AI", break: "Time for a break?", quota: "About your plan" };

/** Help in a crisis: stays until answered, and takes the focus. `done` runs when the fan goes back to the chat. */
export function crisisCard({ title, text, actions = [] }, name, done) {
  const helps = actions
    .filter(({ href }) => isSafeHref(href))
    .map((action, index) => {
      const strength = index === 0 ? "btn btn-ink btn-wide" : "btn btn-quiet btn-wide";
      return el("li", {}, link(action, strength));
    });
  const heading = el("h2", { tabindex: "-1", text: title || "Please talk to a person now" });
  const back = press("I’m safe, back to the chat", done, "btn btn-text btn-wide");
  const source = from(`From Voice Companion, not from ${name}`);
  return el(
    "section",
    { class: "house crisis", "aria-label": "Help" },
    source,
    heading,
    el("p", { text }),
    el("ul", { class: "help" }, ...helps),
    back,
  );
}

function from(text) {
  return el("p", { class: "from" }, icon("house"), el("span", { text }));
}

function link({ label, href }, style) {
  const away = href.startsWith("https:") && { target: "_blank", rel: "noopener noreferrer" };
  return el("a", { class: style, href, ...away }, ...kindOf(href), el("span", { text: whole(label) }));
}

/** A number to call does not break over two lines. */
function whole(label) {
  return label.replace(/(?<=\d) (?=\d)/g, "\u00a0");
}

function kindOf(href) {
  if (href.startsWith("tel:")) return [icon("call", "i-m")];
  return href.startsWith("sms:") ? [icon("text", "i-m")] : [icon("away", "i-m")];
}

function press(label, run, style) {
  return el("button", { type: "button", class: style, text: label, onclick: run });
}
