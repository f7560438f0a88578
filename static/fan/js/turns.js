/** Folds the numbered events of a turn into what the page shows of it. Pure: no page, no network. */

/** @import { Turn, TurnEnding, TurnEvent } from "./types.js" */

/** @type {Record<string, Turn["phase"]>} */
const PHASES = { "turn.completed": "completed", "turn.failed": "failed", "turn.cancelled": "cancelled" };

/**
 * A turn of which no event has come yet. `phase` is running, completed, failed or cancelled.
 * @param {string} id
 * @returns {Turn}
 */
export function newTurn(id) {
  return {
    id,
    seq: 0,
    phase: "running",
    clientMessageId: null,
    fanMessage: null,
    text: "",
    retracted: false,
    emotion: null,
    notices: [],
    reply: null,
    error: null,
    usage: null,
  };
}

/** @param {Turn} turn */
export function isRunning(turn) {
  return turn.phase === "running";
}

/**
 * @param {Turn} turn
 * @param {Exclude<TurnEvent, TurnEnding>} event
 * @returns {Turn}
 */
function step(turn, event) {
  switch (event.type) {
    case "turn.started":
      return { ...turn, clientMessageId: event.client_message_id, fanMessage: event.fan_message };
    case "turn.notice":
      return { ...turn, notices: [...turn.notices, noticeOf(event)] };
    case "turn.token":
      return { ...turn, text: turn.text + event.text };
    case "turn.retracted":
      return { ...turn, text: event.text, retracted: true };
    case "turn.emotion":
      return { ...turn, emotion: event.emotion };
    default:
      return turn; // a type of a later server
  }
}

/** @param {Extract<TurnEvent, { type: "turn.notice" }>} event */
function noticeOf({ kind, title, text, actions }) {
  return { kind, title: title ?? "", text, actions: actions ?? [] };
}

/**
 * @param {Turn} turn
 * @param {TurnEnding} event
 * @returns {Turn}
 */
function end(turn, event) {
  const phase = PHASES[event.type];
  const hasFailed = phase === "failed" && turn.fanMessage;
  const fanMessage = hasFailed ? { ...hasFailed, status: /** @type {const} */ ("failed") } : turn.fanMessage;
  const reply = event.message ?? null;
  const text = reply ? reply.text : "";
  return { ...turn, phase, fanMessage, reply, text, error: event.error ?? null, usage: event.usage ?? null };
}

/**
 * @param {TurnEvent} event
 * @returns {event is TurnEnding}
 */
function isEnding(event) {
  return event.type in PHASES;
}

/**
 * The turn after an event, and what became of the event:
 * applied, duplicate (seen before, or after the end), hole (something before it is missing: ask again),
 * taken (an ending behind a hole: its message stands for what was missed).
 * @param {Turn} turn
 * @param {TurnEvent} event
 * @returns {{turn: Turn, outcome: "applied" | "duplicate" | "hole" | "taken"}}
 */
export function foldEvent(turn, event) {
  if (!isRunning(turn) || event.seq <= turn.seq) return { turn, outcome: "duplicate" };
  const whole = event.seq === turn.seq + 1;
  if (!whole && !isEnding(event)) return { turn, outcome: "hole" };
  const next = isEnding(event) ? end(turn, event) : step(turn, event);
  return { turn: { ...next, seq: event.seq }, outcome: whole ? "applied" : "taken" };
}
