/**
 * What has to be told before the first word, with a tick where the law wants one.
 * @import { Disclosure } from "./types.js"
 */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";

/**
 * Fills `place` with the notices, as templates/fan/_disclosures.html does.
 * @param {HTMLElement} place
 * @param {Disclosure[]} items
 */
export function showDisclosures(place, items) {
  place.replaceChildren(...items.map(notice));
}

/** @param {Disclosure} item */
function notice({ id, title, text, must_acknowledge: mustTick }) {
  const words = [el("h2", { text: title }), el("p", { text })];
  return el("section", { class: "told" }, ...words, mustTick && tick(id, title));
}

/**
 * @param {string} id
 * @param {string} title
 */
function tick(id, title) {
  const box = el("input", { type: "checkbox", value: id, "data-disclosure": id, "aria-describedby": `told-${id}` });
  const about = el("span", { class: "vh", id: `told-${id}`, text: title });
  return el("label", { class: "check" }, box, el("span", { text: gettext("I understand") }), about);
}

/**
 * The ids that are ticked.
 * @param {HTMLElement} place
 */
export function tickedIn(place) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const boxes = place.querySelectorAll("[data-disclosure]:checked");
  return [...boxes].map((input) => input.value);
}

/**
 * The first box that still has to be ticked, or null.
 * @param {HTMLElement} place
 * @returns {HTMLInputElement | null}
 */
export function firstUnticked(place) {
  return place.querySelector("[data-disclosure]:not(:checked)");
}

/** @param {Disclosure[]} items */
export function mustAcknowledge(items) {
  return items.filter((item) => item.must_acknowledge).map((item) => item.id);
}
