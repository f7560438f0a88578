/**
 * Messages on their way out, in order, kept over a reload until their turn starts; and the one that is being written.
 * Pure but for its storage.
 */

/** @import { KeyValues, OutboxEntry, ProblemBody } from "./types.js" */

/**
 * An entry is {id, text, at, status, queued, problem}. `status` is waiting (for a connection or its turn), sending
 * (no turn.started yet) or refused. `queued` ones were written without a connection: they never interrupt a reply.
 */
export class Outbox {
  #entries;
  #storage;
  #key;

  /**
   * @param {KeyValues} storage
   * @param {string} key
   */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#entries = restore(storage.getItem(key)).map((entry) => atRest(entry));
  }

  entries() {
    return [...this.#entries];
  }

  /** What the fan had typed and not sent. */
  draft() {
    return this.#storage.getItem(`${this.#key}.draft`) ?? "";
  }

  /** @param {string} text */
  keepDraft(text) {
    if (text) this.#storage.setItem(`${this.#key}.draft`, text);
    else this.#storage.removeItem(`${this.#key}.draft`);
  }

  /**
   * Whose messages these are. What another fan has left on this device is thrown away unsent; true when something was.
   * @param {string} fan
   */
  claim(fan) {
    const owner = this.#storage.getItem(`${this.#key}.fan`);
    const isForeign = owner !== null && owner !== fan;
    if (isForeign) this.clear();
    this.#storage.setItem(`${this.#key}.fan`, fan);
    return isForeign;
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} at
   * @param {boolean} queued
   */
  add(id, text, at, queued) {
    const behind = this.#entries.some((entry) => entry.status === "waiting" && entry.queued);
    this.#entries.push({ id, text, at, status: "waiting", queued: queued || behind, problem: null });
    this.#save();
  }

  /**
   * What may go out now, or null. One is under way at a time; a queued one waits for the running reply.
   * @param {boolean} replyRuns
   */
  next(replyRuns) {
    if (this.#entries.some((entry) => entry.status === "sending")) return null;
    const first = this.#entries.find((entry) => entry.status === "waiting");
    return first && !(first.queued && replyRuns) ? first : null;
  }

  /** @param {string} id */
  sending(id) {
    this.#change(id, { status: "sending", problem: null });
  }

  /**
   * The server, or time, said no. The fan may try again with the same id.
   * @param {string} id
   * @param {ProblemBody} problem
   */
  refuse(id, problem) {
    this.#change(id, { status: "refused", problem });
  }

  /** @param {string} id */
  retry(id) {
    this.#change(id, { status: "waiting", queued: false, problem: null });
  }

  /** What the server was too busy for goes again, behind the reply that runs. */
  retryBusy() {
    this.#entries = this.#entries.map((entry) => (isBusy(entry) ? atRest(entry) : entry));
    this.#save();
  }

  /**
   * Its turn has started, or the fan gave it up.
   * @param {string | null} id
   */
  remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#save();
  }

  /** The connection is gone: what was under way goes again, under the same id, so never twice. */
  interrupted() {
    this.#entries = this.#entries.map((entry) => atRest(entry));
    this.#save();
  }

  /** Nothing of the fan's words stays on this device. */
  clear() {
    this.#entries = [];
    this.#save();
    this.#storage.removeItem(`${this.#key}.draft`);
    this.#storage.removeItem(`${this.#key}.fan`);
  }

  /**
   * @param {string} id
   * @param {Partial<OutboxEntry>} fields
   */
  #change(id, fields) {
    this.#entries = this.#entries.map((entry) => (entry.id === id ? { ...entry, ...fields } : entry));
    this.#save();
  }

  #save() {
    if (this.#entries.length) this.#storage.setItem(this.#key, JSON.stringify(this.#entries));
    else this.#storage.removeItem(this.#key);
  }
}

/** @param {OutboxEntry} entry */
function isBusy({ status, problem }) {
  return status === "refused" && problem?.code === "unavailable";
}

/**
 * A firm no stays one; what the server was too busy for is tried again on the next connection.
 * @param {OutboxEntry} entry
 * @returns {OutboxEntry}
 */
function atRest(entry) {
  return entry.status === "refused" && !isBusy(entry) ? entry : { ...entry, status: "waiting", queued: true, problem: null };
}

/**
 * @param {string | null} text
 * @returns {OutboxEntry[]}
 */
function restore(text) {
  if (!text) return [];
  try {
    return JSON.parse(text).filter((/** @type {OutboxEntry} */ entry) => entry.id && typeof entry.text === "string");
  } catch {
    return []; // written by something else; there is nothing to send in it
  }
}
