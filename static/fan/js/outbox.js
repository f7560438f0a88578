/** Messages on their way out, in order, kept over a reload until their turn starts. Pure but for its storage. */

/**
 * An entry is {id, text, at, status, queued, problem}. `status` is waiting (for a connection or its turn), sending
 * (no turn.started yet) or refused. `queued` ones were written without a connection: they never interrupt a reply.
 */
export class Outbox {
  #entries;
  #storage;
  #key;

  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#entries = restore(storage.getItem(key)).map((entry) => atRest(entry));
  }

  entries() {
    return [...this.#entries];
  }

  add(id, text, at, queued) {
    const behind = this.#entries.some((entry) => entry.status === "waiting" && entry.queued);
    this.#entries.push({ id, text, at, status: "waiting", queued: queued || behind, problem: null });
    this.#save();
  }

  /** What may go out now, or null. One is under way at a time; a queued one waits for the running reply. */
  next(replyRuns) {
    if (this.#entries.some((entry) => entry.status === "sending")) return null;
    const first = this.#entries.find((entry) => entry.status === "waiting");
    return first && !(first.queued && replyRuns) ? first : null;
  }

  sending(id) {
    this.#change(id, { status: "sending", problem: null });
  }

  /** The server, or time, said no. The fan may try again with the same id. */
  refuse(id, problem) {
    this.#change(id, { status: "refused", problem });
  }

  retry(id) {
    this.#change(id, { status: "waiting", queued: false, problem: null });
  }

  /** Its turn has started, or the fan gave it up. */
  remove(id) {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    this.#save();
  }

  /** The connection is gone: what was under way goes again, under the same id, so never twice. */
  interrupted() {
    this.#entries = this.#entries.map((entry) => atRest(entry));
    this.#save();
  }

  clear() {
    this.#entries = [];
    this.#save();
  }

  #change(id, fields) {
    this.#entries = this.#entries.map((entry) => (entry.id === id ? { ...entry, ...fields } : entry));
    this.#save();
  }

  #save() {
    if (this.#entries.length) this.#storage.setItem(this.#key, JSON.stringify(this.#entries));
    else this.#storage.removeItem(this.#key);
  }
}

/** A firm no stays one; what the server was too busy for is tried again on the next connection. */
function atRest(entry) {
  const firm = entry.status === "refused" && entry.problem?.code !== "unavailable";
  return firm ? entry : { ...entry, status: "waiting", queued: true, problem: null };
}

function restore(text) {
  if (!text) return [];
  try {
    return JSON.parse(text).filter((entry) => entry.id && typeof entry.text === "string");
  } catch {
    return []; // written by something else; there is nothing to send in it
  }
}
