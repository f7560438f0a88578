/** What was said, by turn: stored messages and running turns in one order. Pure: no page, no network. */

import { foldEvent, isRunning, newTurn } from "./turns.js";

const LAST = "~"; // sorts behind every RFC 3339 time, and is none

/** An entry is one turn: {key, at, fan, reply, live}; `live` is the folded turn when its events passed here. */
export class Conversation {
  #entries = new Map();

  entries() {
    return [...this.#entries.values()].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  }

  /** Stored messages, in any order, known ones included. */
  addMessages(messages) {
    for (const message of messages) {
      const entry = this.#entry(message.turn ?? message.id);
      if (message.role === "fan") entry.fan = message;
      else entry.reply = message;
      this.#place(entry);
    }
  }

  /** Takes one event of a turn; answers as foldEvent's outcome. */
  apply(event) {
    const entry = this.#entry(event.turn);
    const { turn, outcome } = foldEvent(entry.live ?? newTurn(event.turn), event);
    if (outcome === "duplicate" && !entry.live) return outcome;
    entry.live = turn;
    if (turn.fanMessage) entry.fan = turn.fanMessage;
    if (!isRunning(turn)) entry.reply = turn.reply ?? entry.reply;
    this.#place(entry);
    return outcome;
  }

  turn(id) {
    return this.#entries.get(id)?.live ?? null;
  }

  /** Turns whose end has not come yet, oldest first. */
  running() {
    return this.entries()
      .map((entry) => entry.live)
      .filter((turn) => turn && isRunning(turn));
  }

  /** A turn that the server cannot tell of any more: what is stored of it is all there is. */
  forget(turn) {
    const entry = this.#entries.get(turn);
    if (!entry) return;
    entry.live = null;
    if (!entry.fan && !entry.reply) this.#entries.delete(turn);
  }

  #entry(key) {
    if (!this.#entries.has(key)) this.#entries.set(key, { key, at: LAST, fan: null, reply: null, live: null });
    return this.#entries.get(key);
  }

  #place(entry) {
    const first = entry.fan ?? entry.reply;
    entry.at = first ? first.created_at : LAST;
  }
}
