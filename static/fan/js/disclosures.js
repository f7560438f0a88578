/** What has to be told before the first word: cards of the house, with a tick where the law wants one. */

import { el } from "./dom.js";

/** Fills `place` with the cards. */
export function showDisclosures(place, items) {
  place.replaceChildren(...items.map(card));
}

function card({ id, title, text, must_acknowledge: mustTick }) {
  const tick = mustTick && el("label", { class: "check" }, box(id), el("span", { text: "I understand" }));
  return el("section", { class: "house" }, el("h2", { text: title }), el("p", { text }), tick);
}

function box(id) {
  return el("input", { type: "checkbox", name: `disclosure:${id}`, value: id, "data-disclosure": id });
}

/** The ids that are ticked. */
export function tickedIn(place) {
  return [...place.querySelectorAll("[data-disclosure]:checked")].map((input) => input.value);
}

/** The first box that still has to be ticked, or null. */
export function firstUnticked(place) {
  return place.querySelector("[data-disclosure]:not(:checked)");
}

export function mustAcknowledge(items) {
  return items.filter((item) => item.must_acknowledge).map((item) => item.id);
}
