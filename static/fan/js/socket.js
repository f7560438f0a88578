/** The chat socket: takes tickets, connects, keeps alive, and comes back after a cut. */

import { SignedOut } from "./auth.js";
import { meaningOfClose, reconnectDelay } from "./backoff.js";
import { Problem } from "./problems.js";

/** @import { ClientFrame, ConnectionState, ServerFrame } from "./types.js" */

const PONG_WITHIN_MS = 10_000;
const HELLO_WITHIN_MS = 10_000;
const FIRM = new Set(["sanctioned", "forbidden", "not_found", "licence_missing", "underage"]);

/** @typedef {ReturnType<typeof setTimeout>} Timer */

const BROWSER = {
  setTimeout: (/** @type {() => void} */ work, /** @type {number} */ ms) => setTimeout(work, ms),
  clearTimeout: (/** @type {Timer | null} */ timer) => clearTimeout(timer ?? undefined),
  random: () => Math.random(),
};

/** What a test may play; `BROWSER` stands in for what is left out.
 * @typedef {object} SocketPorts
 * @property {() => Promise<string>} ticket
 * @property {(ticket: string) => WebSocket} connect
 * @property {(frame: ServerFrame) => void} onFrame
 * @property {(state: ConnectionState) => void} onState
 */

/**
 * `connect(ticket)` gives a WebSocket; `onFrame` gets every frame; `onState` gets {kind, why?}:
 * connecting, ready, lost (comes back by itself), stopped (only start() tries again).
 */
export class ChatSocket {
  #ports;
  /** @type {WebSocket | { readyState: 0, send: () => void, close: () => void } | null} */
  #socket = null;
  /** @type {Timer | null} */
  #timer = null;
  /** @type {Timer | null} */
  #heartbeat = null;
  /** @type {Timer | null} */
  #silence = null;
  #attempt = 0;
  #running = false;

  /** @param {SocketPorts & Partial<typeof BROWSER>} ports */
  constructor(ports) {
    this.#ports = { ...BROWSER, ...ports };
  }

  start() {
    this.#running = true;
    this.#attempt = 0;
    return this.#open();
  }

  /** Quietly, for good or until start(). */
  stop() {
    this.#running = false;
    this.#drop();
  }

  /**
   * The network says that it is away: what is open now is dead, whether the browser noticed or not.
   * @param {string} why
   */
  lose(why) {
    this.#drop();
    if (this.#running) this.#ports.onState({ kind: "lost", why });
  }

  /**
   * False when there is no socket to take it.
   * @param {ClientFrame} frame
   */
  send(frame) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #drop() {
    this.#ports.clearTimeout(this.#timer);
    this.#ports.clearTimeout(this.#heartbeat);
    this.#ports.clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #open() {
    this.#drop();
    this.#ports.onState({ kind: "connecting" });
    const nothing = () => undefined;
    const mine = (this.#socket = { readyState: 0, send: nothing, close: nothing });
    try {
      const ticket = await this.#ports.ticket();
      if (this.#socket === mine) this.#listen(this.#ports.connect(ticket));
    } catch (error) {
      if (this.#socket === mine) this.#refused(error);
    }
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    this.#socket = socket;
    this.#expect(HELLO_WITHIN_MS);
    socket.onmessage = (message) => this.#socket === socket && this.#take(JSON.parse(message.data));
    socket.onclose = (event) => this.#socket === socket && this.#closed(event);
  }

  /** @param {ServerFrame} frame */
  #take(frame) {
    this.#ports.clearTimeout(this.#silence);
    if (frame.type === "session.ready") {
      this.#attempt = 0;
      this.#pingEvery(frame.heartbeat_s * 1000);
      this.#ports.onState({ kind: "ready" });
    }
    this.#ports.onFrame(frame);
  }

  /** The server hears from us in each period, also while it talks itself. @param {number} periodMs */
  #pingEvery(periodMs) {
    this.#heartbeat = this.#ports.setTimeout(() => {
      this.send({ type: "ping" });
      this.#expect(PONG_WITHIN_MS);
      this.#pingEvery(periodMs);
    }, periodMs);
  }

  /** Any frame proves the line; silence for so long means that it is gone. @param {number} withinMs */
  #expect(withinMs) {
    this.#ports.clearTimeout(this.#silence);
    this.#silence = this.#ports.setTimeout(() => this.#again("lost"), withinMs);
  }

  /** @param {CloseEvent} event */
  #closed({ code, reason }) {
    const meaning = meaningOfClose(code, reason);
    if (meaning.next === "again") this.#again(meaning.why, meaning.waitMs);
    else this.#halt(meaning.why);
  }

  /** @param {unknown} error */
  #refused(error) {
    if (error instanceof SignedOut) this.#halt("unauthenticated");
    else if (error instanceof Problem && FIRM.has(error.code)) this.#halt(error.code);
    else this.#again(error instanceof Problem ? error.code : "lost", error instanceof Problem ? error.retryAfterMs : undefined);
  }

  /** @param {string} why */
  #halt(why) {
    this.stop();
    this.#ports.onState({ kind: "stopped", why });
  }

  /** @param {string} why @param {number} [hintMs] */
  #again(why, hintMs) {
    this.#drop();
    const waitMs = hintMs ?? reconnectDelay(this.#attempt, this.#ports.random());
    this.#attempt += 1;
    this.#ports.onState({ kind: "lost", why });
    this.#timer = this.#ports.setTimeout(() => this.#open(), waitMs);
  }
}
