/** What was said, by turn: stored messages and running turns in one order. Pure: no page, no network. */

import { foldEvent, isRunning, newTurn } from "./turns.js";

/** @import { ConversationEntry, Message, Turn, TurnEvent } from "./types.js" */

const LAST = "~"; // a turn of which nothing is stored yet, and no time

/** An entry is one turn: {key, at, fan, reply, live}; `live` is the folded turn when its events passed here. */
export class Conversation {
  /** @type {Map<string, ConversationEntry>} */
  #entries = new Map();
  /** @type {ConversationEntry[] | null} */
  #inOrder = null;

  /** Oldest first. The same list until something has come, gone or moved. */
  entries() {
    this.#inOrder ??= [...this.#entries.values()].sort(byTime);
    return this.#inOrder;
  }

  /**
   * Stored messages, in any order, known ones included.
   * @param {Message[]} messages
   */
  addMessages(messages) {
    for (const message of messages) {
      const entry = this.#entry(message.turn ?? message.id);
      if (message.role === "fan") entry.fan = answered(message, entry.live);
      else entry.reply = { ...opinionOf(entry.reply), ...message };
      this.#place(entry);
    }
  }

  /**
   * Takes one event of a turn; answers as foldEvent's outcome.
   * @param {TurnEvent} event
   */
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

  /** Whether a stored message is here. @param {string} id */
  has(id) {
    return this.entries().some(({ fan, reply }) => fan?.id === id || reply?.id === id);
  }

  /**
   * The fan's own word on a reply: a thumb, a report.
   * @param {string} id of the message
   * @param {Pick<Message, "feedback" | "reported">} opinion
   */
  judge(id, opinion) {
    const entry = this.entries().find(({ reply }) => reply?.id === id);
    if (entry?.reply) entry.reply = { ...entry.reply, ...opinion };
  }

  /** @param {string} id */
  turn(id) {
    return this.#entries.get(id)?.live ?? null;
  }

  /** Turns whose end has not come yet, oldest first. */
  running() {
    const lives = this.entries().map((entry) => entry.live);
    return lives.filter(/** @returns {turn is Turn} */ (turn) => turn !== null && isRunning(turn));
  }

  /**
   * A turn that the server cannot tell of any more: what is stored of it is all there is.
   * @param {string} turn
   */
  forget(turn) {
    const entry = this.#entries.get(turn);
    if (!entry) return;
    entry.live = null;
    if (!entry.fan && !entry.reply) this.#entries.delete(turn);
    this.#inOrder = null;
  }

  /** @param {string} key */
  #entry(key) {
    const known = this.#entries.get(key);
    if (known) return known;
    const entry = { key, at: LAST, fan: null, reply: null, live: null };
    this.#entries.set(key, entry);
    this.#inOrder = null;
    return entry;
  }

  /** @param {ConversationEntry} entry */
  #place(entry) {
    const at = (entry.fan ?? entry.reply)?.created_at ?? LAST;
    if (at === entry.at) return;
    entry.at = at;
    this.#inOrder = null;
  }
}

/**
 * By time; two of one moment by their turn, whose id grows with time. One without a time is the newest.
 * @param {ConversationEntry} one
 * @param {ConversationEntry} other
 */
function byTime(one, other) {
  const [first, second] = [one, other].map(({ at }) => (at === LAST ? Infinity : Date.parse(at)));
  if (first !== second) return first < second ? -1 : 1;
  return one.key < other.key ? -1 : 1;
}

/**
 * What the server told before its turn failed may arrive after the failure.
 * @param {Message} message of the fan
 * @param {Turn | null} live
 * @returns {Message}
 */
function answered(message, live) {
  return live?.phase === "failed" ? { ...message, status: "failed" } : message;
}

/**
 * A message that comes again over the socket does not carry the fan's opinion of it.
 * @param {Message | null} reply
 */
function opinionOf(reply) {
  return reply ? { feedback: reply.feedback, reported: reply.reported } : {};
}
