/** One fan in one conversation, as the views use it. What comes from the server goes through Incoming. */

import { Conversation } from "./conversation.js";
import { Delivery } from "./delivery.js";
import { Help } from "./help.js";
import { HistoryPages } from "./history_pages.js";
import { gettext } from "./i18n.js";
import { Incoming } from "./incoming.js";
import { Outbox } from "./outbox.js";
import { ChatSocket } from "./socket.js";
import { Timers } from "./timers.js";
import { tried } from "./tried.js";
import { Unread } from "./unread.js";

/** @import { Api, Artist, ChatState, KeyValues, Message, Store } from "./types.js" */
/** @import { Parts } from "./incoming.js" */

/**
 * What a session is given. storage is this device's, memory this tab's.
 * @typedef {object} SessionPorts
 * @property {string} slug
 * @property {Pick<Artist, "name">} artist
 * @property {Store<ChatState>} store
 * @property {KeyValues} storage
 * @property {KeyValues} memory
 * @property {Pick<Api, "ticket" | "messages" | "join" | "disclosures" | "feedback" | "report">} api
 * @property {(ticket: string) => WebSocket} connect
 * @property {() => string} newId
 * @property {() => string} now
 * @property {(why: string) => void} onStopped the socket was refused for good, or the login has ended
 * @property {() => void} [onReply] a reply has ended
 */

export class ChatSession {
  conversation = new Conversation();
  #ports;
  #socket;
  #delivery;
  #history;
  #unread;
  #help;
  #incoming;
  #timers = new Timers();

  /** @param {SessionPorts} ports */
  constructor(ports) {
    const { slug, storage, memory, now } = ports;
    this.#ports = ports;
    this.outbox = new Outbox(storage, `companion.outbox.${slug}`);
    this.#unread = new Unread(storage, `companion.read.${slug}`);
    this.#help = new Help(storage, memory, now);
    this.#socket = this.#makeSocket();
    this.#delivery = this.#makeDelivery();
    this.#history = this.#makeHistory();
    this.#incoming = new Incoming(this.#parts());
  }

  #makeSocket() {
    const { api, slug, connect } = this.#ports;
    return new ChatSocket({
      ticket: () => api.ticket(slug),
      connect,
      onFrame: (frame) => this.#incoming.take(frame),
      onState: (state) => this.#incoming.connection(state),
    });
  }

  #makeDelivery() {
    return new Delivery(this.outbox, this.#timers, {
      send: (frame) => this.#socket.send(frame),
      isReady: () => this.#state.connection.kind === "ready",
      replyRuns: () => this.conversation.running().length > 0,
      changed: () => this.#changed(),
    });
  }

  #makeHistory() {
    const { api, slug, onStopped } = this.#ports;
    return new HistoryPages({
      read: (cursor) => api.messages(slug, cursor),
      take: (page, isNewest) => this.#incoming.page(page.items, isNewest),
      knows: (id) => this.conversation.has(id),
      get: () => this.#state.history,
      set: (history) => this.#say({ history }),
      onStopped,
    });
  }

  /** @returns {Parts} */
  #parts() {
    return {
      ports: this.#ports,
      conversation: this.conversation,
      outbox: this.outbox,
      socket: this.#socket,
      delivery: this.#delivery,
      history: this.#history,
      unread: this.#unread,
      help: this.#help,
      timers: this.#timers,
      changed: () => this.#changed(),
    };
  }

  async start() {
    this.#say({ help: this.#help.open() });
    await Promise.all([this.#history.newest(), this.#socket.start()]);
  }

  stop() {
    this.#socket.stop();
    this.#timers.clearAll();
  }

  offline() {
    this.#say({ offline: true });
    this.#socket.lose("offline");
  }

  online() {
    this.#say({ offline: false });
    return this.#socket.start();
  }

  /** Tries again after the socket gave up. */
  reconnect() {
    return this.#socket.start();
  }

  /** @param {string} text */
  send(text) {
    const isReady = this.#state.connection.kind === "ready";
    this.outbox.add(this.#ports.newId(), text, this.#ports.now(), !isReady);
    this.#unread.answered();
    this.#delivery.flush();
  }

  /**
   * The same message again, under the same id: at most one turn comes of it.
   * @param {string} id
   */
  retry(id) {
    this.outbox.retry(id);
    this.#delivery.flush();
  }

  /** @param {string} id */
  discard(id) {
    this.outbox.remove(id);
    this.#changed();
  }

  /** Stops the running reply; one that has not started yet is stopped as soon as it has a turn. */
  cancel() {
    for (const turn of this.conversation.running()) this.#socket.send({ type: "turn.cancel", turn: turn.id });
    this.#delivery.stop();
  }

  /** True while a reply runs, or is about to; one behind a cut goes on without us and cannot be stopped. */
  isReplying() {
    if (this.#state.connection.kind !== "ready") return false;
    return this.conversation.running().length > 0 || this.#delivery.isSending();
  }

  loadEarlier() {
    return this.#history.earlier();
  }

  loadAgain() {
    return this.#history.newest();
  }

  /**
   * Reads back to a stored message; false when it is not there, or not to be had now.
   * @param {string} id
   */
  async find(id) {
    if (!this.conversation.has(id)) await this.#history.newest(); // said on another device, perhaps
    while (!this.conversation.has(id)) {
      const { status, cursor } = this.#state.history;
      if (status !== "ready" || !cursor) return false;
      await this.#history.earlier();
      if (this.#state.history.stuck) return false;
    }
    return true;
  }

  /**
   * Whether the newest is in the fan's sight.
   * @param {boolean} isReading
   */
  reading(isReading) {
    this.#unread.reading(isReading);
    if (this.#unread.get().count !== this.#state.unread.count) this.#changed();
  }

  /**
   * A thumb on a reply, shown at once and taken back when it could not be kept. True when it was.
   * @param {{ id: string, feedback?: "up" | "down" | null }} message
   * @param {"up" | "down"} value
   */
  async giveFeedback(message, value) {
    this.#judge(message.id, { feedback: value });
    const kept = await this.#tried(() => this.#ports.api.feedback(this.#ports.slug, message.id, value));
    if (!kept) this.#judge(message.id, { feedback: message.feedback ?? null });
    return kept !== null;
  }

  /**
   * True when the report was taken.
   * @param {string} message
   * @param {{ reason: string, note: string }} report
   */
  async report(message, report) {
    const kept = await this.#tried(() => this.#ports.api.report(this.#ports.slug, message, report));
    if (kept) this.#judge(message, { reported: true });
    return kept !== null;
  }

  /**
   * The notices stay when this does not reach the server.
   * @param {string[]} ids
   */
  async acknowledge(ids) {
    const done = await this.#tried(() => this.#ports.api.join(this.#ports.slug, ids));
    if (!done) return this.#say({ spoken: { text: gettext("That could not be saved. Try again."), urgent: true } });
    this.#say({ required: null });
    return this.#delivery.retryRefused("acknowledgement_required");
  }

  /** The fan has answered the crisis card. */
  answerHelp() {
    this.#help.answer();
    this.#say({ help: null });
  }

  /** The fan has read that nothing is left. */
  closeQuota() {
    this.#say({ quota: null });
  }

  /** For a day after a crisis nothing plays with feelings. */
  isQuiet() {
    return this.#help.isQuiet();
  }

  get #state() {
    return this.#ports.store.get();
  }

  /** @param {Partial<ChatState>} fields */
  #say(fields) {
    this.#ports.store.set(fields);
  }

  #changed() {
    this.#say({ changed: {}, unread: this.#unread.get() });
  }

  /** @param {string} id @param {Pick<Message, "feedback" | "reported">} opinion */
  #judge(id, opinion) {
    this.conversation.judge(id, opinion);
    this.#changed();
  }

  /**
   * @template Answer
   * @param {() => Promise<Answer>} call
   */
  #tried(call) {
    return tried(call, this.#ports.onStopped);
  }
}
