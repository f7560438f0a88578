/** Telling the artist's team about a reply: why, and a word more if the fan wants. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { notNow, openSheet } from "./sheet.js";

const LONGEST_NOTE = 1000; // as the API takes it

/** Codes of the API's report, and how they are said. @returns {[string, string][]} */
function reasons() {
  return [
    ["harmful", gettext("It is hurtful or dangerous")],
    ["sexual", gettext("It is sexual")],
    ["pretends_human", gettext("It pretends to be a person")],
    ["untrue", gettext("It is not true")],
    ["other", gettext("Something else")],
  ];
}

/**
 * `send` answers whether the report was taken; then `sent` runs.
 * @param {{ send: (report: { reason: string, note: string }) => Promise<boolean>, sent: () => void }} wanted
 */
export function openReport({ send, sent }) {
  const choices = reasons().map(([value, label]) => choice(value, label));
  const note = el("textarea", { class: "area", id: "report-note", rows: "3", maxlength: String(LONGEST_NOTE) });
  const label = el("label", { for: "report-note", text: gettext("Anything else? (optional)") });
  const trouble = el("p", { class: "error", role: "alert" });
  const button = el("button", { type: "submit", class: "btn btn-ink btn-wide", text: gettext("Send the report") });
  const legend = el("legend", { text: gettext("What is wrong with it?") });
  const form = el("form", { class: "report" }, el("fieldset", {}, legend, ...choices), label, note, trouble, button);
  const close = openSheet({ title: gettext("Report this reply"), parts: [form] });
  form.append(notNow(close));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.textContent = "";
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    const isTaken = await send({ reason: String(new FormData(form).get("reason")), note: note.value.trim() });
    button.removeAttribute("aria-disabled");
    if (!isTaken) return void (trouble.textContent = gettext("That did not go through. Try again."));
    close();
    return sent();
  });
}

/** @param {string} value @param {string} label */
function choice(value, label) {
  const input = el("input", { type: "radio", name: "reason", value, required: true });
  return el("label", { class: "choice" }, input, el("span", { text: label }));
}
