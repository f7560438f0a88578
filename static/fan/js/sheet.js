/** A sheet over the page: from the foot of a phone, in the middle of a computer. Esc, the scrim and a pull close it. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";

const PULL_PX = 80;
let count = 0;

/**
 * Opens it; the answer closes it. The focus is kept inside, on `first` or else the title, and goes back to where it was.
 * @param {{ title: string, parts: (Node | string | null)[], first?: HTMLElement, closed?: () => void }} wanted
 */
export function openSheet({ title, parts, first, closed }) {
  const id = `sheet-${(count += 1)}`;
  const grab = el("div", { class: "grab", "aria-hidden": "true" });
  const heading = el("h2", { id, text: title, tabindex: "-1", autofocus: true });
  const inner = el("div", { class: "sheet-in" }, grab, heading, ...parts);
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": id }, inner);
  const close = () => sheet.close();
  sheet.addEventListener("click", (event) => event.target === sheet && close());
  sheet.addEventListener("keydown", (event) => event.stopPropagation()); // Esc is not for what lies below
  sheet.addEventListener("close", () => {
    sheet.remove();
    closed?.();
  });
  pullToClose(grab, sheet, close);
  document.body.append(sheet);
  sheet.showModal();
  first?.focus();
  return close;
}

/**
 * Asks before something that cannot be taken back. True when the person chose the action; Esc, the scrim, a pull and
 * Cancel leave everything as it was.
 * @param {{ title: string, text: string, action: string }} about
 * @returns {Promise<boolean>}
 */
export function askFirst({ title, text, action }) {
  return new Promise((resolve) => {
    let chosen = false;
    const yes = sheetButton(
      action,
      () => {
        chosen = true;
        close();
      },
      "ink",
    );
    const no = sheetButton(gettext("Cancel"), () => close());
    const parts = [el("p", { class: "muted small", text }), yes, no];
    const close = openSheet({ title, parts, first: no, closed: () => resolve(chosen) });
  });
}

/**
 * @param {string} label
 * @param {() => void} run
 * @param {"ink" | "quiet"} [strength]
 */
export function sheetButton(label, run, strength = "quiet") {
  return el("button", { type: "button", class: `btn btn-${strength} btn-wide`, text: label, onclick: run });
}

/** @param {() => void} close */
export function notNow(close) {
  return sheetButton(gettext("Not now"), close);
}

/**
 * @param {HTMLElement} grab
 * @param {HTMLElement} sheet
 * @param {() => void} close
 */
function pullToClose(grab, sheet, close) {
  let from = 0;
  grab.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    grab.setPointerCapture(event.pointerId);
  });
  grab.addEventListener("pointermove", (event) => {
    if (grab.hasPointerCapture(event.pointerId)) sheet.style.translate = `0 ${Math.max(0, event.clientY - from)}px`;
  });
  grab.addEventListener("pointerup", (event) => {
    if (event.clientY - from > PULL_PX) close();
    else sheet.style.translate = "";
  });
}
