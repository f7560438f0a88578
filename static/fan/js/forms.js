/** Forms: reading, errors under their fields, and a button that is pressed once. */

import { part } from "./dom.js";

/**
 * @param {ParentNode} root
 * @returns {HTMLFormElement}
 */
export function formIn(root) {
  return part(root, "form");
}

/**
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function readFields(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/**
 * Sentences under their fields; focus goes to the first. An error without a field of its own goes under "form".
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors
 */
export function showErrors(form, errors) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = form.querySelectorAll("[data-error]");
  for (const place of places) place.textContent = errors[place.dataset.error ?? ""] ?? "";
  for (const input of form.querySelectorAll("input")) markInput(input, errors[input.dataset.field ?? input.name]);
  const homeless = Object.entries(errors).filter(([field]) => !form.querySelector(`[data-error="${field}"]`));
  if (homeless.length) part(form, "[data-error=form]").textContent = homeless.map(([, text]) => text).join(" ");
  /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid=true]"))?.focus();
}

/**
 * @param {HTMLInputElement} input
 * @param {string | undefined} error
 */
function markInput(input, error) {
  if (error) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/**
 * Runs `work` on submit, once at a time, with the button saying so.
 * @param {HTMLFormElement} form
 * @param {() => Promise<unknown>} work
 */
export function onSubmit(form, work) {
  const button = part(form, "[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

/**
 * Links between the doors move within the page; with a key that opens another tab they stay links.
 * @param {ParentNode} root
 * @param {(name: import("./types.js").ViewName) => void} go
 */
export function followLinks(root, go) {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = root.querySelectorAll("a[data-go]");
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(/** @type {import("./types.js").ViewName} */ (link.dataset.go));
    });
  }
}
