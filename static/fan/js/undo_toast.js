/** A word at the foot of the page, with the way back while there is one. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { STAYS_MS } from "./toast.js";

export class UndoToast {
  #node;
  #left;
  #undo;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * `left` takes the focus when the way back has gone from under it.
   * @param {HTMLElement} node of role status
   * @param {{ undo: () => void, left: () => void }} ports
   */
  constructor(node, { undo, left }) {
    this.#node = node;
    this.#left = left;
    this.#undo = el("button", { type: "button", class: "btn btn-text btn-s", text: gettext("Undo"), onclick: undo });
  }

  /** Until it is hidden; the focus goes to Undo. @param {string} text */
  offer(text) {
    clearTimeout(this.#timer);
    this.#node.replaceChildren(el("span", { text }), this.#undo);
    this.#undo.focus();
  }

  /** For a moment. @param {string} text */
  say(text) {
    this.#replace(el("span", { text }));
    this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }

  hide() {
    this.#replace();
  }

  /** @param {...Node} parts */
  #replace(...parts) {
    clearTimeout(this.#timer);
    const hadFocus = this.#node.contains(document.activeElement);
    this.#node.replaceChildren(...parts);
    if (hadFocus) this.#left();
  }
}
