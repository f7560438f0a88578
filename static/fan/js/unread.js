/** How far the fan has read, kept on this device: what came since is new. Pure but for its storage. */

/** @import { KeyValues, Message } from "./types.js" */

export class Unread {
  #storage;
  #key;
  #known;
  #isFirst = true;
  #isReading = false;
  #count = 0;
  /** @type {number | null} */
  #from = null;

  /**
   * @param {KeyValues} storage
   * @param {string} key
   */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    const mark = Number(storage.getItem(key));
    this.#known = mark > 0 ? mark : null;
  }

  /** `from`: when the first new message was said (ms since 1970), until the fan writes again; `count`: unseen ones. */
  get() {
    return { from: this.#from, count: this.#count };
  }

  /**
   * Messages that have come, known ones included. On a device that has not been read on, nothing is new.
   * @param {Message[]} messages
   */
  meet(messages) {
    const times = messages.filter(({ role }) => role === "persona").map(({ created_at: at }) => Date.parse(at));
    const known = this.#known ?? Math.max(0, ...times);
    const fresh = times.filter((at) => at > known);
    this.#known = Math.max(known, ...fresh);
    if (fresh.length && (this.#isFirst || !this.#isReading)) {
      this.#from ??= Math.min(...fresh);
      this.#count += fresh.length;
    }
    this.#isFirst = false;
    if (this.#isReading) this.#read();
  }

  /**
   * Whether the fan has the newest in sight.
   * @param {boolean} isReading
   */
  reading(isReading) {
    this.#isReading = isReading;
    if (isReading && !this.#isFirst) this.#read();
  }

  /** The fan has written: what stands above has been read. */
  answered() {
    this.#from = null;
    this.#read();
  }

  #read() {
    this.#count = 0;
    if (this.#known) this.#storage.setItem(this.#key, String(this.#known));
  }
}
