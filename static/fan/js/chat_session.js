/** One fan in one conversation: carries frames between the socket, the outbox, the conversation and the views. */

import { SignedOut } from "./auth.js";
import { Conversation } from "./conversation.js";
import { Outbox } from "./outbox.js";
import { Disconnected, Problem } from "./problems.js";
import { resumeFrames } from "./resume.js";
import { ChatSocket } from "./socket.js";

const UNSENT_AFTER_MS = 20_000; // no turn.started for so long: not sent
const SLOW_AFTER_MS = 8_000; // no word of the reply for so long: still thinking
const LOST_AFTER_MS = 3_000; // a cut shorter than this is nobody's business

export const START = {
  connection: { kind: "connecting" }, // kind, why; see ChatSocket
  lostForLong: false,
  offline: false,
  history: { status: "loading", cursor: null, stuck: false }, // loading, ready, failed; stuck: no earlier page came
  slowTurn: null,
  required: null, // disclosures to acknowledge before the next message
  help: null, // a crisis notice, until the fan answers it
  spoken: null, // {text, urgent}: what a screen reader is told next
};

export class ChatSession {
  conversation = new Conversation();
  #ports;
  #socket;
  #timers = new Map();
  #stopWanted = new Set();

  /** ports: slug, api, store, storage (local), memory (this tab's), connect(ticket), newId(), now(), onStopped(why). */
  constructor(ports) {
    this.#ports = ports;
    this.outbox = new Outbox(ports.storage, `companion.outbox.${ports.slug}`);
    this.#socket = new ChatSocket({
      ticket: () => ports.api.ticket(ports.slug),
      connect: ports.connect,
      onFrame: (frame) => this.#take(frame),
      onState: (state) => this.#connection(state),
    });
  }

  async start() {
    this.#say({ help: JSON.parse(this.#ports.memory.getItem("companion.help") ?? "null") });
    await Promise.all([this.#loadNewest(), this.#socket.start()]);
  }

  stop() {
    this.#socket.stop();
    for (const name of [...this.#timers.keys()]) this.#clear(name);
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

  send(text) {
    const ready = this.#store.connection.kind === "ready";
    this.outbox.add(this.#ports.newId(), text, this.#ports.now(), !ready);
    this.#flush();
  }

  /** The same message again, under the same id: at most one turn comes of it. */
  retry(id) {
    this.outbox.retry(id);
    this.#flush();
  }

  discard(id) {
    this.outbox.remove(id);
    this.#changed();
  }

  /** Stops the running reply; one that has not started yet is stopped as soon as it has a turn. */
  cancel() {
    for (const turn of this.conversation.running()) this.#socket.send({ type: "turn.cancel", turn: turn.id });
    for (const entry of this.outbox.entries()) if (entry.status === "sending") this.#stopWanted.add(entry.id);
  }

  /** True while a reply runs, or is about to; one behind a cut goes on without us and cannot be stopped. */
  isReplying() {
    if (this.#store.connection.kind !== "ready") return false;
    return this.conversation.running().length > 0 || this.outbox.entries().some(({ status }) => status === "sending");
  }

  async loadEarlier() {
    await this.#load(this.#store.history.cursor);
  }

  async loadAgain() {
    await this.#loadNewest();
  }

  /** The notices stay when this does not reach the server. */
  async acknowledge(ids) {
    const done = await this.#tried(() => this.#ports.api.join(this.#ports.slug, ids));
    if (!done) return this.#speak("That could not be saved. Try again.", true);
    this.#say({ required: null });
    for (const entry of this.outbox.entries()) {
      if (entry.problem?.code === "acknowledgement_required") this.outbox.retry(entry.id);
    }
    return this.#flush();
  }

  /** The fan has answered the crisis card. */
  answerHelp() {
    this.#ports.memory.removeItem("companion.help");
    this.#say({ help: null });
  }

  get #store() {
    return this.#ports.store.get();
  }

  #say(fields) {
    this.#ports.store.set(fields);
  }

  #changed() {
    this.#say({ changed: {} });
  }

  #connection(state) {
    const why = state.why ?? (state.kind === "ready" ? undefined : this.#store.connection.why);
    this.#say({ connection: { kind: state.kind, why } });
    if (state.kind === "ready") {
      this.#clear("lost");
      this.#say({ lostForLong: false });
      return;
    }
    this.outbox.interrupted();
    this.#clear("unsent");
    if (state.kind === "stopped") this.#ports.onStopped(why);
    if (state.kind === "lost") this.#soon("lost", LOST_AFTER_MS, () => this.#say({ lostForLong: true }));
    this.#changed();
  }

  #take(frame) {
    if (frame.type === "session.ready") this.#ready(frame);
    else if (frame.type === "message.created") this.conversation.addMessages([frame.message]);
    else if (frame.type === "error") this.#refused(frame);
    else if (frame.type.startsWith("turn.")) this.#event(frame);
    if (frame.type !== "pong") this.#changed();
  }

  #ready(frame) {
    for (const wanted of resumeFrames(this.conversation, frame.open_turn)) this.#socket.send(wanted);
    if (this.#store.history.status === "ready") this.#loadNewest();
    this.#flush();
  }

  #event(event) {
    const outcome = this.conversation.apply(event);
    if (outcome === "duplicate") return;
    const turn = this.conversation.turn(event.turn);
    if (outcome === "hole") this.#socket.send({ type: "turn.resume", turn: event.turn, after: turn.seq });
    if (outcome === "taken") this.#loadNewest();
    if (event.type === "turn.started") this.#started(turn);
    if (event.type === "turn.notice") this.#noticed(event);
    this.#watchSlowness(turn);
    if (turn.phase !== "running") this.#ended(turn);
  }

  #started(turn) {
    this.#clear("unsent");
    this.outbox.remove(turn.clientMessageId);
    if (this.#stopWanted.delete(turn.clientMessageId)) this.#socket.send({ type: "turn.cancel", turn: turn.id });
    this.#flush();
  }

  #noticed(notice) {
    if (notice.kind === "crisis") this.#help(notice);
    else if (notice.kind !== "degraded") this.#speak(notice.text);
  }

  #help(notice) {
    this.#ports.memory.setItem("companion.help", JSON.stringify(notice));
    this.#say({ help: notice });
    this.#speak(`${notice.title ?? ""} ${notice.text}`.trim(), true);
  }

  #ended(turn) {
    const { name } = this.#ports.artist;
    if (turn.reply) this.#speak(`${name}, AI persona: ${turn.reply.text}`);
    else if (turn.phase === "failed") this.#speak("No answer came. You can try again.");
    this.#flush();
  }

  #watchSlowness(turn) {
    this.#clear("slow");
    if (this.#store.slowTurn) this.#say({ slowTurn: null });
    if (turn.phase !== "running" || turn.text) return;
    this.#soon("slow", SLOW_AFTER_MS, () => this.#say({ slowTurn: turn.id }));
  }

  #refused(error) {
    if (error.help) this.#help(error.help);
    if (!error.client_message_id) {
      // a resume that the server cannot serve: what is stored of the turn is all there is
      if (error.code === "not_found" || error.code === "validation_error") this.#giveUpRunning();
      return;
    }
    this.#clear("unsent");
    this.outbox.refuse(error.client_message_id, error);
    if (error.code === "acknowledgement_required") this.#require(error.required ?? []);
    this.#speak(`Not sent. ${error.detail}`);
  }

  #giveUpRunning() {
    for (const turn of this.conversation.running()) this.conversation.forget(turn.id);
    this.#loadNewest();
    this.#flush();
  }

  async #require(ids) {
    const answer = await this.#tried(() => this.#ports.api.disclosures(this.#ports.slug));
    if (answer) this.#say({ required: answer.items.filter((item) => ids.includes(item.id)) });
  }

  #flush() {
    const entry = this.#store.connection.kind === "ready" && this.outbox.next(this.conversation.running().length > 0);
    if (entry && this.#socket.send({ type: "message.send", client_message_id: entry.id, text: entry.text })) {
      this.outbox.sending(entry.id);
      this.#soon("unsent", UNSENT_AFTER_MS, () => this.#unsent(entry.id));
    }
    this.#changed();
  }

  #unsent(id) {
    this.outbox.refuse(id, { code: "unavailable", detail: "" });
    this.#flush();
  }

  #loadNewest() {
    return this.#load(null);
  }

  async #load(cursor) {
    const before = this.#store.history;
    const wasReady = before.status === "ready";
    if (!wasReady) this.#say({ history: { ...before, status: "loading" } });
    const page = await this.#tried(() => this.#ports.api.messages(this.#ports.slug, cursor));
    if (!page)
      return this.#say({ history: { ...before, status: wasReady ? "ready" : "failed", stuck: cursor !== null } });
    this.conversation.addMessages(page.items);
    const newest = cursor === null && wasReady; // a newer page does not move how far back we have read
    return this.#say({ history: { status: "ready", cursor: newest ? before.cursor : page.next_cursor, stuck: false } });
  }

  /** The answer, or null when it did not come and another try may help. */
  async #tried(call) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof SignedOut) this.#ports.onStopped("unauthenticated");
      else if (!(error instanceof Problem || error instanceof Disconnected)) throw error;
      return null;
    }
  }

  #speak(text, urgent = false) {
    this.#say({ spoken: { text, urgent } });
  }

  #soon(name, ms, work) {
    if (this.#timers.has(name) && name === "lost") return; // counted from the first cut
    this.#clear(name);
    this.#timers.set(name, setTimeout(work, ms));
  }

  #clear(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
