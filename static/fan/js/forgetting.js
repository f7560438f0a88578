/**
 * Forgetting with a way back: six seconds in which it can be undone, none once the page is left. What is to be
 * forgotten is noted on the device until the server has done it, so that a cut network does not keep it alive. Pure but
 * for its storage and timers.
 */

import { SignedOut } from "./auth.js";
import { forgetKey } from "./keepsakes.js";
import { Disconnected, Problem } from "./problems.js";
import { Timers } from "./timers.js";

/** @import { KeyValues } from "./types.js" */

export const UNDO_MS = 6_000;

/**
 * What became of a memory: `waiting` may still be undone, `undone` was; `gone` is forgotten; `later` is told to the
 * server when it can be reached; `refused` stays, `error` says why.
 * @typedef {"waiting" | "undone" | "gone" | "later" | "refused"} Fate
 * @typedef {object} ForgettingPorts
 * @property {string} slug
 * @property {KeyValues} storage
 * @property {(id: string) => Promise<unknown>} forget
 * @property {(fate: Fate, id: string, error?: unknown) => void} became
 */

export class Forgetting {
  #ports;
  #key;
  #timers = new Timers();
  /** @type {string | null} */
  #waiting = null;

  /** @param {ForgettingPorts} ports */
  constructor(ports) {
    this.#ports = ports;
    this.#key = forgetKey(ports.slug);
  }

  /** Whether it is on its way out. @param {string} id */
  has(id) {
    return this.#noted().includes(id);
  }

  /** One at a time can be undone: the one before is sent. @param {string} id */
  begin(id) {
    void this.finish();
    this.#waiting = id;
    this.#note([...this.#noted(), id]);
    this.#timers.start("undo", UNDO_MS, () => void this.finish());
    this.#ports.became("waiting", id);
  }

  undo() {
    const id = this.#take();
    if (id) this.#settle(id, "undone");
  }

  /** It cannot be undone any more. */
  async finish() {
    const id = this.#take();
    if (id) await this.#send(id);
  }

  /** What a cut network, or a page that was closed, has left. */
  async resend() {
    for (const id of this.#noted()) if (id !== this.#waiting) await this.#send(id);
  }

  #take() {
    const id = this.#waiting;
    this.#waiting = null;
    this.#timers.clearAll();
    return id;
  }

  /** @param {string} id */
  async #send(id) {
    try {
      await this.#ports.forget(id);
      this.#settle(id, "gone");
    } catch (error) {
      this.#failed(id, error);
    }
  }

  /** @param {string} id @param {unknown} error */
  #failed(id, error) {
    if (error instanceof Problem && error.status === 404) this.#settle(id, "gone");
    else if (comesLater(error)) this.#ports.became("later", id, error);
    else if (error instanceof Problem) this.#settle(id, "refused", error);
    else throw error;
  }

  /** @param {string} id @param {Fate} fate @param {unknown} [error] */
  #settle(id, fate, error) {
    this.#note(this.#noted().filter((other) => other !== id));
    this.#ports.became(fate, id, error);
  }

  /** @returns {string[]} */
  #noted() {
    return JSON.parse(this.#ports.storage.getItem(this.#key) ?? "[]");
  }

  /** @param {string[]} ids */
  #note(ids) {
    if (ids.length) this.#ports.storage.setItem(this.#key, JSON.stringify(ids));
    else this.#ports.storage.removeItem(this.#key);
  }
}

/** @param {unknown} error */
function comesLater(error) {
  if (error instanceof Disconnected || error instanceof SignedOut) return true;
  return error instanceof Problem && (error.status === 429 || error.status >= 500);
}
