/** Keeps one element an item for the part of the thread that stands in the page, and knows how tall each one is. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { houseCard } from "./house_cards.js";
import { MessageView } from "./message_view.js";
import { placedItem } from "./thread.js";
import { dayLabel } from "./times.js";
import { guess } from "./window.js";

/** @import { Item, NoticeItem } from "./thread.js" */
/** @import { MessageActs } from "./message_view.js" */
/** @import { Part } from "./window.js" */
/** @typedef {{ node: HTMLElement, view?: MessageView }} Shown */

export class ThreadPart {
  #list;
  #above = el("div", { class: "space", "aria-hidden": "true" });
  #below = el("div", { class: "space", "aria-hidden": "true" });
  #acts;
  #dismiss;
  /** @type {Map<string, Shown>} */
  #shown = new Map();
  /** @type {Map<string, number>} */
  #measured = new Map();

  /**
   * @param {HTMLElement} list
   * @param {MessageActs} acts
   * @param {(item: NoticeItem) => void} dismiss
   */
  constructor(list, acts, dismiss) {
    this.#list = list;
    this.#acts = acts;
    this.#dismiss = dismiss;
    list.replaceChildren(this.#above, this.#below);
  }

  /** px of each item: measured when it has been in the page, else a guess. @param {Item[]} items */
  heights(items) {
    const width = this.#list.clientWidth;
    return items.map((item) => this.#measured.get(item.key) ?? guess(item, width));
  }

  /** The width has changed: nothing that was measured holds. */
  forgetHeights() {
    this.#measured.clear();
  }

  /**
   * Puts the part into the page, touching only what has changed, and measures it.
   * @param {Item[]} items
   * @param {Part} part
   */
  show(items, { start, end, above, below }) {
    const keys = new Set(items.slice(start, end).map((item) => item.key));
    for (const [key, { node }] of this.#shown) if (!keys.has(key)) this.#remove(key, node);
    this.#above.style.height = `${above}px`;
    this.#below.style.height = `${below}px`;
    let place = this.#above.nextElementSibling;
    for (let index = start; index < end; index += 1) {
      const node = this.#nodeOf(placedItem(items, index));
      if (node === place) place = node.nextElementSibling;
      else this.#list.insertBefore(node, place);
    }
    this.#measure(items, start);
  }

  /** The elements in the page, in order. */
  nodes() {
    return /** @type {HTMLElement[]} */ ([...this.#list.children].slice(1, -1));
  }

  /** The message that an element shows, or null. @param {Element | null} node */
  itemOf(node) {
    for (const { node: own, view } of this.#shown.values()) if (own === node) return view?.item ?? null;
    return null;
  }

  /** @param {Item} item */
  #nodeOf(item) {
    const shown = this.#shown.get(item.key) ?? this.#make(item);
    this.#shown.set(item.key, shown);
    if (item.kind === "message") shown.view?.update(item);
    return shown.node;
  }

  /** @param {Item} item @returns {Shown} */
  #make(item) {
    if (item.kind === "message") {
      const view = new MessageView(this.#acts);
      return { node: view.node, view };
    }
    if (item.kind === "notice") return { node: this.#notice(item) };
    return { node: divider(item.kind, item.kind === "new" ? gettext("New") : dayLabel(item.at)) };
  }

  /** @param {NoticeItem} item */
  #notice(item) {
    const gotIt = { label: gettext("Got it"), run: () => this.#dismiss(item) };
    return el("div", { class: "notice" }, houseCard(item.notice, [gotIt]));
  }

  /** Each one's share of the thread's height: from the foot of the one before to its own. @param {Item[]} items @param {number} start */
  #measure(items, start) {
    let foot = this.#above.offsetTop + this.#above.offsetHeight;
    this.nodes().forEach((node, index) => {
      const own = node.offsetTop + node.offsetHeight;
      this.#measured.set(items[start + index].key, own - foot);
      foot = own;
    });
  }

  /** Who was on it stays in the thread. @param {string} key @param {HTMLElement} node */
  #remove(key, node) {
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    this.#shown.delete(key);
    if (hadFocus) /** @type {HTMLElement | null} */ (this.#list.closest("[role=log]"))?.focus({ preventScroll: true });
  }
}

/** @param {string} kind @param {string} text */
function divider(kind, text) {
  return el("p", { class: kind, role: "separator" }, el("span", { text }));
}
