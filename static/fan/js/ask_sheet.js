/** Asks before something that cannot be taken back: a sheet on a phone, a dialog on a computer. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";

/**
 * True when the person chose the action. Esc, the scrim and Cancel leave everything as it was; focus returns.
 * @param {{ title: string, text: string, action: string }} about
 * @returns {Promise<boolean>}
 */
export function askFirst({ title, text, action }) {
  const heading = el("h2", { id: "ask-title", text: title });
  const form = el(
    "form",
    { method: "dialog", class: "ask-form" },
    heading,
    el("p", { id: "ask-text", class: "muted", text }),
    el("button", { class: "btn btn-ink btn-wide", value: "yes", text: action }),
    el("button", { class: "btn btn-quiet btn-wide", value: "", autofocus: true, text: gettext("Cancel") }),
  );
  const named = { "aria-labelledby": "ask-title", "aria-describedby": "ask-text" };
  const sheet = /** @type {HTMLDialogElement} */ (el("dialog", { class: "ask", ...named }, form));
  document.body.append(sheet);
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  sheet.showModal();
  return new Promise((resolve) => {
    sheet.addEventListener("close", () => {
      sheet.remove();
      resolve(sheet.returnValue === "yes");
    });
  });
}
