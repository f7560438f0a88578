/** Putting one memory right, in the place where it stands. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { Problem } from "./problems.js";
import { formTrouble } from "./texts.js";

const LONGEST = 500; // as the API takes it

/**
 * `save` is given the new wording and fails as the API does; `close` takes the form away. What was typed stays when it
 * could not be saved.
 * @param {{ text: string, save: (text: string) => Promise<void>, close: () => void }} wanted
 */
export function correctForm({ text, save, close }) {
  const marks = { class: "area", rows: "2", maxlength: String(LONGEST), dir: "auto", enterkeyhint: "done" };
  const box = el("textarea", { ...marks, "aria-label": gettext("Correct this memory"), text });
  const trouble = el("p", { class: "error", role: "alert" });
  const button = el("button", { type: "submit", class: "btn btn-ink btn-s", text: gettext("Save") });
  const never = el("button", { type: "button", class: "btn btn-text btn-s", text: gettext("Never mind"), onclick: close });
  const hint = el("p", { class: "hint", text: gettext("It will use your words. The old version won’t come back.") });
  const form = el("form", { class: "correct" }, box, trouble, hint, el("div", { class: "acts" }, button, never));
  box.addEventListener("keydown", (event) => key(event, form, close));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    trouble.textContent = await troubleOf(box.value.trim(), text, save, close);
    button.removeAttribute("aria-disabled");
    if (trouble.textContent) box.focus();
  });
  return { form, focus: () => box.setSelectionRange(box.value.length, box.value.length) ?? box.focus() };
}

/**
 * @param {string} wanted
 * @param {string} before
 * @param {(text: string) => Promise<void>} save
 * @param {() => void} close
 */
async function troubleOf(wanted, before, save, close) {
  if (!wanted) return gettext("Say how it is, or choose Forget.");
  if (wanted === before) return close() ?? "";
  try {
    await save(wanted);
    return "";
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return gettext("This is not remembered any more.");
    return formTrouble(error);
  }
}

/** @param {KeyboardEvent} event @param {HTMLFormElement} form @param {() => void} close */
function key(event, form, close) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation(); // a sheet around it stays open
    close();
  }
}
