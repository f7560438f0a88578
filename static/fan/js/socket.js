/** The chat socket: takes tickets, connects, keeps alive, and comes back after a cut. */

import { SignedOut } from "./auth.js";
import { meaningOfClose, reconnectDelay } from "./backoff.js";
import { Problem } from "./problems.js";

const PONG_WITHIN_MS = 10_000;
const HELLO_WITHIN_MS = 10_000;
const FIRM = new Set(["sanctioned", "forbidden", "not_found", "licence_missing", "underage"]);

const BROWSER = {
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
};

/**
 * `connect(ticket)` gives a WebSocket; `onFrame` gets every frame; `onState` gets {kind, why?}:
 * connecting, ready, lost (comes back by itself), stopped (only start() tries again).
 */
export class ChatSocket {
  #ports;
  #socket = null;
  #timer = null;
  #heartbeat = null;
  #silence = null;
  #attempt = 0;
  #running = false;

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

  /** The network says that it is away: what is open now is dead, whether the browser noticed or not. */
  lose(why) {
    this.#drop();
    if (this.#running) this.#ports.onState({ kind: "lost", why });
  }

  /** False when there is no socket to take it. */
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
    const mine = (this.#socket = { readyState: 0, close: () => undefined });
    try {
      const ticket = await this.#ports.ticket();
      if (this.#socket === mine) this.#listen(this.#ports.connect(ticket));
    } catch (error) {
      if (this.#socket === mine) this.#refused(error);
    }
  }

  #listen(socket) {
    this.#socket = socket;
    this.#expect(HELLO_WITHIN_MS);
    socket.onmessage = (message) => this.#socket === socket && this.#take(JSON.parse(message.data));
    socket.onclose = (event) => this.#socket === socket && this.#closed(event);
  }

  #take(frame) {
    this.#ports.clearTimeout(this.#silence);
    if (frame.type === "session.ready") {
      this.#attempt = 0;
      this.#pingEvery(frame.heartbeat_s * 1000);
      this.#ports.onState({ kind: "ready" });
    }
    this.#ports.onFrame(frame);
  }

  /** The server hears from us in each period, also while it talks itself. */
  #pingEvery(periodMs) {
    this.#heartbeat = this.#ports.setTimeout(() => {
      this.send({ type: "ping" });
      this.#expect(PONG_WITHIN_MS);
      this.#pingEvery(periodMs);
    }, periodMs);
  }

  /** Any frame proves the line; silence for so long means that it is gone. */
  #expect(withinMs) {
    this.#ports.clearTimeout(this.#silence);
    this.#silence = this.#ports.setTimeout(() => this.#again("lost"), withinMs);
  }

  #closed({ code, reason }) {
    const meaning = meaningOfClose(code, reason);
    if (meaning.next === "again") this.#again(meaning.why, meaning.waitMs);
    else this.#halt(meaning.why);
  }

  #refused(error) {
    if (error instanceof SignedOut) this.#halt("unauthenticated");
    else if (error instanceof Problem && FIRM.has(error.code)) this.#halt(error.code);
    else this.#again(error instanceof Problem ? error.code : "lost", error.retryAfterMs);
  }

  #halt(why) {
    this.stop();
    this.#ports.onState({ kind: "stopped", why });
  }

  #again(why, hintMs) {
    this.#drop();
    const waitMs = hintMs ?? reconnectDelay(this.#attempt, this.#ports.random());
    this.#attempt += 1;
    this.#ports.onState({ kind: "lost", why });
    this.#timer = this.#ports.setTimeout(() => this.#open(), waitMs);
  }
}
