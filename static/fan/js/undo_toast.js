/** A word at the foot of the page, with the way back while there is one. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { toaster } from "./toast.js";

export class UndoToast {
  #node;
  #say;
  #left;
  /** @type {HTMLButtonElement} */
  #undo;

  /**
   * `left` takes the focus when the way back has gone from under it.
   * @param {HTMLElement} node of role status
   * @param {{ undo: () => void, left: () => void }} ports
   */
  constructor(node, { undo, left }) {
    this.#node = node;
    this.#say = toaster(node);
    this.#left = left;
    this.#undo = el("button", { type: "button", class: "btn btn-text btn-s", text: gettext("Undo"), onclick: undo });
  }

  /** Until it is hidden; the focus goes to Undo. @param {string} text */
  offer(text) {
    this.#say("");
    this.#node.replaceChildren(el("span", { text }), this.#undo);
    this.#undo.focus();
  }

  /** For a moment. @param {string} text */
  say(text) {
    const hadFocus = this.#node.contains(document.activeElement);
    this.#say(text);
    if (hadFocus) this.#left();
  }

  hide() {
    this.say("");
  }
}
