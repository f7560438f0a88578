/** Carries the outbox to the server, in order, and stops a reply that has not started yet as soon as it has. */

import { reconnectDelay } from "./backoff.js";

/** @import { ClientFrame, ErrorFrame } from "./types.js" */
/** @import { Outbox } from "./outbox.js" */
/** @import { Timers } from "./timers.js" */

const UNSENT_AFTER_MS = 20_000; // no turn.started for so long: not sent
const UNSENT = "unsent";
const BUSY = "busy";
const FIRST_DOUBLINGS = 3; // a busy server is left alone for two or three seconds at first

export class Delivery {
  #outbox;
  #timers;
  #ports;
  /** @type {Set<string>} */
  #stopWanted = new Set();
  // How often in a row the server was too busy for what we sent by ourselves, and of which messages the fan knows it.
  #busyTries = 0;
  /** @type {Set<string>} */
  #toldBusy = new Set();

  /**
   * @param {Outbox} outbox
   * @param {Timers} timers
   * @param {{ send: (frame: ClientFrame) => boolean, isReady: () => boolean, replyRuns: () => boolean,
   *           changed: () => void }} ports
   */
  constructor(outbox, timers, ports) {
    this.#outbox = outbox;
    this.#timers = timers;
    this.#ports = ports;
  }

  /** Sends what may go out now. */
  flush() {
    const entry = this.#ports.isReady() && this.#outbox.next(this.#ports.replyRuns());
    if (entry && this.#ports.send({ type: "message.send", client_message_id: entry.id, text: entry.text })) {
      this.#outbox.sending(entry.id);
      this.#timers.start(UNSENT, UNSENT_AFTER_MS, () => this.#unsent(entry.id));
    }
    this.#ports.changed();
  }

  /**
   * The turn of a message has started.
   * @param {string | null} id of the message
   * @param {string} turn
   */
  started(id, turn) {
    this.#timers.clear(UNSENT);
    this.#busyTries = 0;
    this.#toldBusy.clear();
    this.#outbox.remove(id);
    if (id && this.#stopWanted.delete(id)) this.#ports.send({ type: "turn.cancel", turn });
    this.flush();
  }

  /**
   * A server that is too busy is asked again by itself. False when the fan knows it already, from the try before.
   * @param {ErrorFrame & { client_message_id: string }} error
   */
  refused(error) {
    const id = error.client_message_id;
    this.#timers.clear(UNSENT);
    this.#outbox.refuse(id, error);
    if (error.code !== "unavailable") return true;
    this.#tryLater();
    const isNews = !this.#toldBusy.has(id);
    this.#toldBusy.add(id);
    return isNews;
  }

  interrupted() {
    this.#timers.clear(UNSENT);
    this.#timers.clear(BUSY);
    this.#outbox.interrupted();
  }

  /** Stops the replies of messages that are under way. */
  stop() {
    for (const entry of this.#outbox.entries()) if (entry.status === "sending") this.#stopWanted.add(entry.id);
  }

  isSending() {
    return this.#outbox.entries().some(({ status }) => status === "sending");
  }

  /**
   * Sends again what was refused for a reason that is gone.
   * @param {string} code
   */
  retryRefused(code) {
    for (const entry of this.#outbox.entries()) if (entry.problem?.code === code) this.#outbox.retry(entry.id);
    this.flush();
  }

  /** @param {string} id */
  #unsent(id) {
    this.#outbox.refuse(id, { code: "unavailable", detail: "" });
    this.#tryLater();
    this.flush();
  }

  #tryLater() {
    const waitMs = reconnectDelay(FIRST_DOUBLINGS + this.#busyTries, Math.random());
    this.#busyTries += 1;
    this.#timers.start(BUSY, waitMs, () => {
      this.#outbox.retryBusy();
      this.flush();
    });
  }
}
