/** Forgetting everything: not by a slip of the finger. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { notNow, openSheet } from "./sheet.js";
import { formTrouble } from "./texts.js";

/**
 * `forget` fails as the API does; the sheet closes when it is done.
 * @param {{ forget: () => Promise<void>, done: () => void }} wanted
 */
export function openForgetAll({ forget, done }) {
  const word = gettext("FORGET");
  const input = el("input", { id: "forget-word", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  const label = el("label", { for: "forget-word", text: gettext("Type {word} to go on", { word }) });
  const trouble = el("p", { class: "error", role: "alert" });
  const button = el("button", { type: "submit", class: "btn btn-ink btn-wide", disabled: true, text: gettext("Forget everything") });
  const text = gettext("All that is remembered of you goes, and what you have said so far is not learned again. Your chat stays readable. This cannot be undone.");
  const field = el("div", { class: "field" }, label, input);
  const form = el("form", { class: "report" }, el("p", { class: "muted small", text }), field, trouble, button);
  const close = openSheet({ title: gettext("Forget everything?"), parts: [form], first: input });
  form.append(notNow(close));
  input.addEventListener("input", () => (button.disabled = !isSame(input.value, word)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      await forget();
      close();
      done();
    } catch (error) {
      trouble.textContent = formTrouble(error);
      button.disabled = false;
    }
  });
}

/** @param {string} typed @param {string} word */
function isSame(typed, word) {
  return typed.trim().toLocaleUpperCase() === word.toLocaleUpperCase();
}
