/** What is remembered, as far as it has been read: page by page, by kind. Pure but for the reading. */

import { Disconnected, Problem } from "./problems.js";

/** @import { Memory, MemoryKind, MemoryPage } from "./types.js" */

/** @type {MemoryKind[]} */
export const KINDS = ["fact", "preference", "relationship", "event", "promise"];

/** What the server sends in place of words that it does not keep. */
export const WITHHELD = "…";

/**
 * A memory without the words of messages that went with another one, as the server has it from then on; the same object
 * where it has none of them.
 * @param {Memory} memory
 * @param {Memory} gone
 * @returns {Memory}
 */
export function withoutWordsOf(memory, gone) {
  const went = new Set(gone.sources.map(({ message }) => message));
  if (memory.corrected_at || !memory.sources.some(({ message }) => went.has(message))) return memory;
  const sources = memory.sources.map((source) => (went.has(source.message) ? { ...source, quote: WITHHELD } : source));
  return { ...memory, sources };
}

/**
 * `status` tells of the first page, `rest` of the next one.
 * @typedef {{ status: "loading" | "ready" | "failed", rest: "idle" | "loading" | "failed", error: unknown }} Reading
 */

export class MemoryList {
  #read;
  #changed;
  /** @type {string | null} */
  #cursor = null;
  /** @type {Memory[]} newest first */
  items = [];
  /** @type {MemoryKind | null} the one that is shown, or all */
  kind = null;
  /** @type {Reading} */
  reading = { status: "loading", rest: "idle", error: null };

  /** @param {{ read: (cursor: string | null) => Promise<MemoryPage>, changed: () => void }} ports */
  constructor({ read, changed }) {
    this.#read = read;
    this.#changed = changed;
  }

  /** Whether all of it has been read. */
  get isWhole() {
    return this.reading.status === "ready" && this.#cursor === null;
  }

  /** From the beginning. */
  async load() {
    this.#set({ status: "loading", rest: "idle", error: null });
    const page = await this.#page(null);
    if (page instanceof Error) return this.#set({ status: "failed", rest: "idle", error: page });
    this.items = page.items;
    this.#cursor = page.next_cursor;
    return this.#set({ status: "ready", rest: "idle", error: null });
  }

  /** The next page, once however often it is asked for. */
  async more() {
    if (this.reading.status !== "ready" || this.reading.rest === "loading" || !this.#cursor) return;
    this.#set({ status: "ready", rest: "loading", error: null });
    const page = await this.#page(this.#cursor);
    if (page instanceof Error) return this.#set({ status: "ready", rest: "failed", error: page });
    this.items = [...this.items, ...page.items.filter((item) => !this.#has(item.id))];
    this.#cursor = page.next_cursor;
    return this.#set({ status: "ready", rest: "idle", error: null });
  }

  /** @param {MemoryKind | null} kind */
  choose(kind) {
    this.kind = kind;
    this.#changed();
  }

  /** @param {Memory} memory */
  isShown(memory) {
    return this.kind === null || memory.kind === this.kind;
  }

  /** @param {Memory} memory as it was put right */
  replace(memory) {
    this.#forgetWordsOf(memory.id);
    this.items = this.items.map((item) => (item.id === memory.id ? memory : item));
    this.#changed();
  }

  /** @param {string} id */
  remove(id) {
    this.#forgetWordsOf(id);
    this.items = this.items.filter((item) => item.id !== id);
    this.#changed();
  }

  clear() {
    this.items = [];
    this.#cursor = null;
    this.kind = null;
    this.#changed();
  }

  /** @param {string} id */
  #forgetWordsOf(id) {
    const gone = this.items.find((item) => item.id === id);
    if (gone) this.items = this.items.map((item) => withoutWordsOf(item, gone));
  }

  /** @param {string} id */
  #has(id) {
    return this.items.some((item) => item.id === id);
  }

  /** @param {string | null} cursor */
  async #page(cursor) {
    try {
      return await this.#read(cursor);
    } catch (error) {
      if (error instanceof Disconnected || error instanceof Problem) return error;
      throw error;
    }
  }

  /** @param {Reading} reading */
  #set(reading) {
    this.reading = reading;
    this.#changed();
  }
}
