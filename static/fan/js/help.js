/** Help in a crisis: stays over a reload until the fan has answered it, and keeps the house quiet for a day after. */

/** @import { KeyValues, Notice } from "./types.js" */

const HELP = "companion.help";
const QUIET = "companion.quiet";
const QUIET_MS = 24 * 60 * 60 * 1000; // no mood and no notifications for so long (design, House cards)

export class Help {
  #storage;
  #memory;
  #now;

  /**
   * @param {KeyValues} storage of the device
   * @param {KeyValues} memory of the tab
   * @param {() => string} now
   */
  constructor(storage, memory, now) {
    this.#storage = storage;
    this.#memory = memory;
    this.#now = now;
  }

  /** @returns {Notice | null} what the fan has not answered yet */
  open() {
    return JSON.parse(this.#memory.getItem(HELP) ?? "null");
  }

  /** @param {Notice} notice */
  give(notice) {
    this.#memory.setItem(HELP, JSON.stringify(notice));
    this.#storage.setItem(QUIET, this.#now());
  }

  answer() {
    this.#memory.removeItem(HELP);
  }

  isQuiet() {
    return isQuiet(this.#storage, Date.parse(this.#now()));
  }
}

/**
 * Whether there was a crisis less than a day ago.
 * @param {Pick<Storage, "getItem">} storage
 * @param {number} now ms since 1970
 */
export function isQuiet(storage, now) {
  return now - Date.parse(storage.getItem(QUIET) ?? "") < QUIET_MS; // false when there was no crisis: NaN
}
