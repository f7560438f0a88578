/** The list of memories in the page: rows, the kinds to choose from, and what is said where there are none. */

import { el, part } from "./dom.js";
import { gettext } from "./i18n.js";
import { KINDS } from "./memories.js";
import { MemoryRow } from "./memory_row.js";
import { formTrouble } from "./texts.js";
import { asSentence } from "./wording.js";

/** @import { Memory, MemoryKind } from "./types.js" */
/** @import { MemoryList } from "./memories.js" */
/** @import { RowPorts } from "./memory_row.js" */
/** @typedef {Omit<RowPorts, "head"> & { more: () => void }} MemoriesPorts */

export class MemoriesView {
  #root;
  #list;
  #ports;
  /** @type {Map<string, MemoryRow>} */
  #rows = new Map();
  /** @type {Map<MemoryKind | null, HTMLButtonElement>} */
  #chips = new Map();
  /** @type {MemoryRow | null} the one that takes the focus when Undo goes */
  #beside = null;
  #foot;

  /** @param {HTMLElement} root @param {MemoryList} list @param {MemoriesPorts} ports */
  constructor(root, list, ports) {
    this.#root = root;
    this.#list = list;
    this.#ports = ports;
    this.#foot = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && ports.more());
    part(root, "[data-rest] button").addEventListener("click", ports.more);
    for (const [kind, label] of kindLabels()) this.#chip(kind, label);
  }

  dispose() {
    this.#foot.disconnect();
  }

  /** @param {{ isLeaving: (id: string) => boolean, isPaused: boolean }} state */
  show({ isLeaving, isPaused }) {
    const left = this.#list.items.filter((memory) => !isLeaving(memory.id));
    const isKindGone = this.#list.kind && this.#list.isWhole && !left.some((memory) => this.#list.isShown(memory));
    if (isKindGone) return this.#list.choose(null);
    this.#showRows(new Set(left.filter((memory) => this.#list.isShown(memory))));
    this.#showKinds(left);
    this.#showReading();
    part(this.#root, "[data-empty]").hidden = !(this.#list.isWhole && left.length === 0);
    part(this.#root, "[data-empty] p").textContent = isPaused
      ? gettext("Nothing here. While you are off the record, it learns nothing new.")
      : gettext("Nothing yet. It learns as you talk.");
    return undefined;
  }

  /** This one goes: its neighbour is next. @param {string} id */
  leaving(id) {
    const shown = [...this.#rows.values()].filter((row) => !row.node.hidden);
    const at = shown.findIndex((row) => row === this.#rows.get(id));
    this.#beside = shown[at + 1] ?? shown[at - 1] ?? null;
  }

  /** This one stays after all: it is next itself. @param {string} id */
  back(id) {
    this.#beside = this.#rows.get(id) ?? null;
  }

  focusBeside() {
    if (this.#beside?.node.isConnected && !this.#beside.node.hidden) this.#beside.focus();
    else this.focusHeading();
  }

  focusHeading() {
    part(this.#root, "h1").focus();
  }

  /** @param {Set<Memory>} shown */
  #showRows(shown) {
    const { items } = this.#list;
    const ids = new Set(items.map(({ id }) => id));
    for (const [id, row] of this.#rows) if (!ids.has(id)) this.#remove(id, row);
    let place = part(this.#root, "[data-list]").firstElementChild;
    for (const memory of items) {
      const { node } = this.#row(memory);
      node.hidden = !shown.has(memory);
      if (node === place) place = node.nextElementSibling;
      else part(this.#root, "[data-list]").insertBefore(node, place);
    }
  }

  /** @param {Memory} memory */
  #row(memory) {
    const row = this.#rows.get(memory.id) ?? new MemoryRow(memory, { ...this.#ports, head: fact });
    this.#rows.set(memory.id, row);
    row.update(memory);
    return row;
  }

  /** @param {string} id @param {MemoryRow} row */
  #remove(id, row) {
    row.node.remove();
    this.#rows.delete(id);
  }

  /** @param {MemoryKind | null} kind @param {string} label */
  #chip(kind, label) {
    const choose = () => this.#list.choose(kind);
    const chip = el("button", { type: "button", "data-label": label, text: label, onclick: choose });
    this.#chips.set(kind, chip);
    part(this.#root, "[data-kinds]").append(chip);
  }

  /** Only kinds that there are; with one of them there is nothing to choose. @param {Memory[]} left */
  #showKinds(left) {
    const there = new Set(left.map(({ kind }) => kind));
    part(this.#root, "[data-kinds]").hidden = there.size < 2;
    for (const [kind, chip] of this.#chips) {
      chip.hidden = kind !== null && !there.has(kind);
      chip.setAttribute("aria-pressed", String(kind === this.#list.kind));
    }
    const all = this.#list.isWhole ? gettext("All {count}", { count: left.length }) : gettext("All");
    /** @type {HTMLElement} */ (this.#chips.get(null)).textContent = all;
  }

  #showReading() {
    const { items, reading, isWhole } = this.#list;
    const { status, rest, error } = reading;
    part(this.#root, "[data-loading]").hidden = status !== "loading" || items.length > 0;
    part(this.#root, "[data-failed]").hidden = status !== "failed";
    part(this.#root, "[data-failed] p").textContent = status === "failed" ? formTrouble(error) : "";
    const foot = part(this.#root, "[data-rest]");
    foot.hidden = status !== "ready" || isWhole;
    part(foot, "button").hidden = rest !== "failed";
    part(foot, "span").textContent =
      rest === "failed" ? gettext("The rest did not load.") : gettext("Loading the rest");
    if (rest === "idle") this.#watchFoot(foot);
  }

  /** Told anew whether it is in sight: rows may have come and left it there. @param {HTMLElement} foot */
  #watchFoot(foot) {
    this.#foot.unobserve(foot);
    this.#foot.observe(foot);
  }
}

/** @param {Memory} memory */
function fact(memory) {
  return [el("p", { class: "mem-fact", dir: "auto", text: asSentence(memory.text) })];
}

/** @returns {[MemoryKind | null, string][]} */
function kindLabels() {
  const labels = {
    fact: gettext("Facts"),
    preference: gettext("Likes"),
    relationship: gettext("People"),
    event: gettext("Dates"),
    promise: gettext("Promises"),
  };
  return [[null, gettext("All")], ...KINDS.map((kind) => /** @type {[MemoryKind, string]} */ ([kind, labels[kind]]))];
}
