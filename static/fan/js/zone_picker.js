/**
 * A time zone that is found by typing: a combobox with a list (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
 * @import { Zone } from "./zones.js"
 */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { localeOf } from "./times.js";
import { allZones, clockIn, findZones, zoneOf } from "./zones.js";

const LOCALE = localeOf(document.documentElement.lang, navigator.languages);

export class ZonePicker {
  #input;
  #list;
  #chosen;
  #here;
  #zones;
  #value = "";
  #active = -1;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list the listbox that the input controls
   * @param {{ here: string, chosen: (id: string) => void }} parts here: the device's own zone
   */
  constructor(input, list, { here, chosen }) {
    this.#input = input;
    this.#list = list;
    this.#here = here;
    this.#chosen = chosen;
    this.#zones = allZones([here]);
    input.addEventListener("input", () => this.#open(input.value));
    input.addEventListener("click", () => this.#isOpen || this.#open(""));
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => this.#press(/** @type {Element} */ (event.target)));
  }

  /** @param {string} id */
  set value(id) {
    this.#value = id;
    if (!this.#isOpen) this.#input.value = words(zoneOf(id));
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  /** @param {string} query */
  #open(query) {
    const found = findZones(this.#zones, query, this.#here);
    this.#list.replaceChildren(...found.map((zone, index) => this.#option(zone, index)));
    if (found.length === 0) this.#list.append(el("li", { class: "none", text: gettext("No such place.") }));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#activate(query ? 0 : found.findIndex((zone) => zone.id === this.#value));
  }

  /** The text goes back to what is chosen. */
  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.value = this.#value && words(zoneOf(this.#value));
  }

  /** @param {Zone} zone @param {number} index */
  #option(zone, index) {
    const note = zone.id === this.#here ? gettext("this device") : zone.region;
    const clock = el("span", { class: "num", text: clockIn(zone.id, LOCALE) });
    const named = { role: "option", id: `${this.#list.id}-${index}`, "data-zone": zone.id };
    const isChosen = zone.id === this.#value;
    return el("li", { ...named, "aria-selected": String(isChosen) }, el("b", { text: zone.place }), el("small", { text: note }), clock);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape" && this.#isOpen) this.#close();
    else if (event.key === "Enter" && this.#isOpen) this.#press(this.#options[this.#active]);
    else if (event.key in moves && !this.#isOpen) this.#open("");
    else if (event.key in moves) this.#move(moves[/** @type {keyof typeof moves} */ (event.key)]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  get #options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  /** @param {number} by */
  #move(by) {
    const count = this.#options.length;
    if (count) this.#activate((this.#active + by + count) % count);
  }

  /** @param {number} index */
  #activate(index) {
    const options = this.#options;
    options[this.#active]?.classList.remove("active");
    this.#active = Math.min(index, options.length - 1);
    const option = options[this.#active];
    if (!option) return this.#input.removeAttribute("aria-activedescendant");
    option.classList.add("active");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {Element | undefined} target */
  #press(target) {
    const id = target?.closest("[data-zone]")?.getAttribute("data-zone");
    if (!id) return;
    this.#value = id;
    this.#close();
    this.#chosen(id);
  }
}

/** @param {Zone} zone */
function words({ place, region }) {
  return region ? `${place}, ${region}` : place;
}
