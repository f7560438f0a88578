/** One memory in the list: the fact, the fan's words, Correct and Forget. The same element is kept while it changes. */

import { correctForm } from "./correct_form.js";
import { el } from "./dom.js";
import { gettext } from "./i18n.js";
import { dayAndClock } from "./times.js";
import { memoryActs, told } from "./told.js";
import { asSentence } from "./wording.js";

/** @import { Memory } from "./types.js" */

const SOURCES = 3; // the newest; what was said a dozen times is no truer for showing each

/**
 * `head` is what stands above the fan's words; `correct` fails as the API does.
 * @typedef {object} RowPorts
 * @property {string} slug
 * @property {(memory: Memory) => Node[]} head
 * @property {(memory: Memory, text: string) => Promise<void>} correct
 * @property {(memory: Memory) => void} forget
 * @property {(message: string) => void} find
 */

export class MemoryRow {
  node = el("li", { class: "mem" });
  #memory;
  #ports;
  #isEditing = false;
  #isAway = false;

  /** @param {Memory} memory @param {RowPorts} ports */
  constructor(memory, ports) {
    this.#memory = memory;
    this.#ports = ports;
    this.show();
  }

  get memory() {
    return this.#memory;
  }

  /** As it stands now; what is being typed stays. @param {Memory} memory */
  update(memory) {
    if (memory === this.#memory) return;
    this.#memory = memory;
    if (!this.#isEditing && !this.#isAway) this.show();
  }

  /** Something else stands in its place, until it is shown again. @param {(Node | string)[]} parts */
  replace(...parts) {
    this.#isAway = true;
    this.node.replaceChildren(...parts);
  }

  focus() {
    this.node.querySelector("button")?.focus();
  }

  show() {
    const memory = this.#memory;
    const acts = memoryActs(asSentence(memory.text), () => this.#correct(), () => this.#ports.forget(memory));
    this.#isEditing = this.#isAway = false;
    this.node.className = "mem";
    this.node.replaceChildren(...this.#ports.head(memory), ...this.#sources(), acts);
  }

  #correct() {
    const memory = this.#memory;
    const close = () => {
      this.show();
      this.focus();
    };
    const save = async (/** @type {string} */ text) => {
      await this.#ports.correct(memory, text);
      close();
    };
    const { form, focus } = correctForm({ text: asSentence(memory.text), save, close });
    this.#isEditing = true;
    this.node.className = "mem editing";
    this.node.replaceChildren(...this.#sources(), form);
    focus();
  }

  #sources() {
    const { corrected_at: corrected, sources } = this.#memory;
    if (corrected) return [ownWords(corrected)];
    return sources.slice(-SOURCES).reverse().map((source) => told(source, this.#ports.slug, this.#ports.find));
  }
}

/** @param {string} at */
function ownWords(at) {
  return el("p", { class: "muted small own", text: gettext("In your own words. {when}", { when: dayAndClock(at) }) });
}
