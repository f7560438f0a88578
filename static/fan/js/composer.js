/** The text box with Send and Stop. */

import { gettext, ngettext } from "./i18n.js";
import { part } from "./dom.js";

const TALLEST_PX = 160;
const LONGEST = 4_000; // code points, as the API takes them
const COUNTED_FROM = 3_600; // from here on the fan sees how much is left

/** @typedef {{ isReplying: boolean, isClosed: boolean }} ComposerState */

/** Enter sends on a computer and breaks the line on a phone. What is typed is kept as a draft until it is sent. */
export class Composer {
  #form;
  #box;
  #send;
  #stop;
  #count;
  #ports;
  /** @type {ComposerState} */
  #state = { isReplying: false, isClosed: false };

  /**
   * @param {HTMLFormElement} form
   * @param {{ name: string, draft: string, send: (text: string) => void, stop: () => void,
   *           keep: (text: string) => void }} ports
   */
  constructor(form, ports) {
    this.#form = form;
    this.#ports = ports;
    this.#box = /** @type {HTMLTextAreaElement} */ (part(form, "textarea"));
    this.#send = /** @type {HTMLButtonElement} */ (part(form, "[data-send]"));
    this.#stop = part(form, "[data-stop]");
    this.#count = part(form, "[data-count]");
    this.#box.placeholder = gettext("Message {name}", { name: ports.name });
    this.#box.value ||= ports.draft;
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#stop.addEventListener("click", () => this.#halt());
    this.#box.addEventListener("input", () => this.#typed());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#fit();
  }

  /** @param {ComposerState} state */
  show(state) {
    const isSame = state.isReplying === this.#state.isReplying && state.isClosed === this.#state.isClosed;
    if (isSame) return;
    this.#state = state;
    this.#box.disabled = state.isClosed;
    this.#fit();
  }

  focus() {
    this.#box.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#box.value.trim();
    if (!text || this.#state.isClosed || lengthOf(text) > LONGEST) return;
    this.#box.value = "";
    this.#ports.send(text);
    this.#typed();
    this.focus();
  }

  #halt() {
    this.#ports.stop();
    this.focus();
  }

  #typed() {
    this.#ports.keep(this.#box.value);
    this.#fit();
  }

  /** As tall as its text, up to a limit; Send gives way to Stop while there is nothing to send. */
  #fit() {
    const { isReplying, isClosed } = this.#state;
    const length = lengthOf(this.#box.value.trim());
    this.#stop.hidden = !isReplying;
    this.#send.hidden = isReplying && length === 0;
    this.#send.disabled = length === 0 || length > LONGEST || isClosed;
    this.#tell(length);
    this.#box.style.height = "auto";
    this.#box.style.height = `${Math.min(TALLEST_PX, this.#box.scrollHeight + 3)}px`;
  }

  /** @param {number} length */
  #tell(length) {
    const over = length - LONGEST;
    this.#count.hidden = length < COUNTED_FROM;
    this.#count.textContent = over > 0 ? tooLong(over) : ngettext("{count} character left", "{count} characters left", -over);
    this.#box.setAttribute("aria-invalid", String(over > 0));
  }
}

/** @param {number} over */
function tooLong(over) {
  return ngettext("Too long by {count} character", "Too long by {count} characters", over);
}

/** In code points. @param {string} text */
function lengthOf(text) {
  return text.length < COUNTED_FROM ? text.length : [...text].length;
}
