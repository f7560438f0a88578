/** Full pages that say one thing: too young, confirm the e-mail, nothing here, no connection. */

import { el, show } from "./dom.js";

/** action: {label, run} or nothing. */
export function calmPage({ title, text, action }) {
  const root = show("calm");
  const heading = root.querySelector("h1");
  heading.textContent = title;
  root.querySelector("[data-text]").textContent = text;
  if (action) root.querySelector("[data-action]").append(button(action));
  heading.focus();
}

function button({ label, run }) {
  return el("button", { class: "btn btn-ink", type: "button", text: label, onclick: run });
}
