/** What comes from the server: frames of the socket, its state, and pages of the history. */

import { gettext } from "./i18n.js";
import { resumeFrames } from "./resume.js";
import { refusalText } from "./texts.js";
import { tried } from "./tried.js";
import { isRunning } from "./turns.js";

/**
 * @import { ChatState, ConnectionState, ErrorFrame, Message, Notice, ServerFrame, Turn, TurnEvent } from "./types.js"
 * @import { SessionPorts } from "./chat_session.js"
 * @import { Conversation } from "./conversation.js"
 * @import { Delivery } from "./delivery.js"
 * @import { Help } from "./help.js"
 * @import { HistoryPages } from "./history_pages.js"
 * @import { Outbox } from "./outbox.js"
 * @import { ChatSocket } from "./socket.js"
 * @import { Timers } from "./timers.js"
 * @import { Unread } from "./unread.js"
 */

const SLOW_AFTER_MS = 8_000; // no word of the reply for so long: still thinking
const LOST_AFTER_MS = 3_000; // a cut shorter than this is nobody's business

/**
 * The parts of a session that it works on.
 * @typedef {object} Parts
 * @property {SessionPorts} ports
 * @property {Conversation} conversation
 * @property {Outbox} outbox
 * @property {ChatSocket} socket
 * @property {Delivery} delivery
 * @property {HistoryPages} history
 * @property {Unread} unread
 * @property {Help} help
 * @property {Timers} timers
 * @property {() => void} changed tells the views
 */

export class Incoming {
  #at;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#at = parts;
  }

  /** @param {ConnectionState} state */
  connection(state) {
    const { delivery, ports, timers, changed } = this.#at;
    const why = state.why ?? (state.kind === "ready" ? undefined : this.#state.connection.why);
    this.#say({ connection: { kind: state.kind, why } });
    if (state.kind === "ready") {
      timers.clear("lost");
      return this.#say({ lostForLong: false });
    }
    delivery.interrupted();
    if (state.kind === "stopped") ports.onStopped(why ?? "");
    if (state.kind === "lost") timers.startOnce("lost", LOST_AFTER_MS, () => this.#say({ lostForLong: true }));
    return changed();
  }

  /** @param {ServerFrame} frame */
  take(frame) {
    if (frame.type === "session.ready") this.#ready(frame);
    else if (frame.type === "message.created") this.page([frame.message], true);
    else if (frame.type === "error") this.#refused(frame);
    else if (frame.type.startsWith("turn.")) this.#event(/** @type {TurnEvent} */ (frame));
    if (frame.type !== "pong") this.#at.changed();
  }

  /**
   * Stored messages.
   * @param {Message[]} messages
   * @param {boolean} isNewest
   */
  page(messages, isNewest) {
    this.#at.conversation.addMessages(messages);
    if (isNewest) this.#at.unread.meet(messages);
    this.#at.changed();
  }

  get #state() {
    return this.#at.ports.store.get();
  }

  /** @param {Partial<ChatState>} fields */
  #say(fields) {
    this.#at.ports.store.set(fields);
  }

  /** @param {string} text */
  #speak(text, urgent = false) {
    this.#say({ spoken: { text, urgent } });
  }

  /** @param {Extract<ServerFrame, { type: "session.ready" }>} frame */
  #ready(frame) {
    const { conversation, delivery, history, outbox, socket } = this.#at;
    outbox.claim(frame.fan);
    for (const wanted of resumeFrames(conversation, frame.open_turn)) socket.send(wanted);
    if (this.#state.history.status !== "loading") void history.newest();
    delivery.flush();
  }

  /** @param {TurnEvent} event */
  #event(event) {
    const { conversation, delivery, history, socket } = this.#at;
    const outcome = conversation.apply(event);
    if (outcome === "duplicate") return;
    const turn = /** @type {Turn} */ (conversation.turn(event.turn));
    if (outcome === "hole") socket.send({ type: "turn.resume", turn: event.turn, after: turn.seq });
    if (outcome === "taken") void history.newest();
    if (event.type === "turn.started") delivery.started(turn.clientMessageId, turn.id);
    if (event.type === "turn.notice") this.#noticed(event);
    this.#watchSlowness(turn);
    if (!isRunning(turn)) this.#ended(turn);
  }

  /** @param {Notice} notice */
  #noticed(notice) {
    if (notice.kind === "crisis") this.#giveHelp(notice);
    else if (notice.kind !== "degraded") this.#speak(notice.text);
  }

  /** @param {Notice} notice */
  #giveHelp(notice) {
    this.#at.help.give(notice);
    this.#say({ help: notice, quota: null });
    this.#speak(`${notice.title ?? ""} ${notice.text}`.trim(), true);
  }

  /** @param {Turn} turn */
  #ended(turn) {
    const { delivery, help, ports, unread } = this.#at;
    if (turn.reply) {
      unread.meet([turn.reply]);
      this.#speak(gettext("{name}, AI persona: {text}", { name: ports.artist.name, text: turn.reply.text }));
      if (!help.isQuiet()) ports.onReply?.();
    } else if (turn.phase === "failed") this.#speak(gettext("No answer came. You can try again."));
    delivery.flush();
  }

  /** @param {Turn} turn */
  #watchSlowness(turn) {
    this.#at.timers.clear("slow");
    if (this.#state.slowTurn) this.#say({ slowTurn: null });
    if (!isRunning(turn) || turn.text) return;
    this.#at.timers.start("slow", SLOW_AFTER_MS, () => this.#say({ slowTurn: turn.id }));
  }

  /** @param {ErrorFrame} error */
  #refused(error) {
    if (error.help) this.#giveHelp(error.help);
    const id = error.client_message_id;
    if (id) return this.#notSent({ ...error, client_message_id: id });
    // a resume that the server cannot serve: what is stored of the turn is all there is
    if (error.code === "not_found" || error.code === "validation_error") return this.#giveUpRunning();
    return undefined;
  }

  /** @param {ErrorFrame & { client_message_id: string }} error */
  #notSent(error) {
    const isNews = this.#at.delivery.refused(error);
    if (error.code === "acknowledgement_required") void this.#require(error.required ?? []);
    if (error.code === "quota_exhausted" && !this.#state.help) this.#say({ quota: error });
    if (isNews) this.#speak(gettext("Not sent. {why}", { why: refusalText(error) }));
  }

  #giveUpRunning() {
    const { conversation, delivery, history } = this.#at;
    for (const turn of conversation.running()) conversation.forget(turn.id);
    void history.newest();
    delivery.flush();
  }

  /** @param {string[]} ids */
  async #require(ids) {
    const { api, slug, onStopped } = this.#at.ports;
    const answer = await tried(() => api.disclosures(slug), onStopped);
    const due = answer?.items.filter((item) => ids.includes(item.id)) ?? [];
    if (due.length) this.#say({ required: due }); // with nothing to show, writing stays on and can be tried again
  }
}
