/** Full pages that say one thing: too young, look in the inbox, nothing here, no connection. */

import { el, show } from "./dom.js";
import { gettext } from "./i18n.js";
import { Disconnected, Problem } from "./problems.js";
import { formTrouble } from "./texts.js";

/**
 * @typedef {{ label: string, run: () => void }} CalmAction
 * @param {{ title: string, text: string, action?: CalmAction }} page
 */
function calmPage({ title, text, action }) {
  const root = show("calm");
  const heading = /** @type {HTMLElement} */ (root.querySelector("h1"));
  heading.textContent = title;
  root.querySelector("[data-text]")?.append(text);
  if (action) root.querySelector("[data-action]")?.append(button(action));
  document.title = title;
  heading.focus();
}

/** @param {CalmAction} action */
function button({ label, run }) {
  return el("button", { class: "btn btn-ink", type: "button", text: label, onclick: run });
}

export function underagePage() {
  const text = gettext("This is for people who are older than you are now. Nothing that you typed was kept.");
  calmPage({ title: gettext("Come back when you’re older"), text });
}

/**
 * @param {string} email
 * @param {() => void} logIn
 */
export function confirmPage(email, logIn) {
  const text = gettext("We sent a link to {email}. Open it, then log in.", { email });
  calmPage({ title: gettext("Look in your inbox"), text, action: { label: gettext("Log in"), run: logIn } });
}

/**
 * @param {string} email
 * @param {() => void} logIn
 */
export function mailedPage(email, logIn) {
  const text = gettext("If {email} has an account, a link to set a new password is on its way.", { email });
  calmPage({ title: gettext("Look in your inbox"), text, action: { label: gettext("Back to log in"), run: logIn } });
}

/**
 * What went wrong on the way in, with another try where one can help.
 * @param {Problem | Disconnected} error
 * @param {() => void} again
 */
export function showTrouble(error, again) {
  const action = { label: gettext("Try again"), run: again };
  if (error instanceof Disconnected) {
    calmPage({ title: gettext("No connection"), text: gettext("Check the network, then try again."), action });
  } else if (error.code === "underage") underagePage();
  else if (error.code === "paused") {
    calmPage({ title: gettext("Paused for now"), text: gettext("Please come back later."), action });
  } else calmPage({ title: gettext("That did not work"), text: formTrouble(error), action });
}
