/** A sheet over the page: from the foot of a phone, in the middle of a computer. Esc, the scrim and a pull close it. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";

const PULL_PX = 80;
let count = 0;

/**
 * Opens it; the answer closes it. The focus is kept inside, and goes back to where it was.
 * @param {{ title: string, parts: (Node | string | null)[], closed?: () => void }} wanted
 */
export function openSheet({ title, parts, closed }) {
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
  return close;
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
