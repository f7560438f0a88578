/** Folds the numbered events of a turn into what the page shows of it. Pure: no page, no network. */

const PHASES = { "turn.completed": "completed", "turn.failed": "failed", "turn.cancelled": "cancelled" };

/** A turn of which no event has come yet. `phase` is running, completed, failed or cancelled. */
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

export function isRunning(turn) {
  return turn.phase === "running";
}

const STEPS = {
  "turn.started": (turn, event) => ({
    ...turn,
    clientMessageId: event.client_message_id,
    fanMessage: event.fan_message,
  }),
  "turn.notice": (turn, { kind, title, text, actions }) => ({
    ...turn,
    notices: [...turn.notices, { kind, title: title ?? "", text, actions: actions ?? [] }],
  }),
  "turn.token": (turn, event) => ({ ...turn, text: turn.text + event.text }),
  "turn.retracted": (turn, event) => ({ ...turn, text: event.text, retracted: true }),
  "turn.emotion": (turn, event) => ({ ...turn, emotion: event.emotion }),
};

function end(turn, event) {
  const phase = PHASES[event.type];
  const fanMessage = phase === "failed" && turn.fanMessage ? { ...turn.fanMessage, status: "failed" } : turn.fanMessage;
  const reply = event.message ?? null;
  const text = reply ? reply.text : "";
  return { ...turn, phase, fanMessage, reply, text, error: event.error ?? null, usage: event.usage ?? null };
}

/**
 * The turn after an event, and what became of the event:
 * applied, duplicate (seen before, or after the end), hole (something before it is missing: ask again),
 * taken (an ending behind a hole: its message stands for what was missed).
 */
export function foldEvent(turn, event) {
  if (!isRunning(turn) || event.seq <= turn.seq) return { turn, outcome: "duplicate" };
  const ending = event.type in PHASES;
  const whole = event.seq === turn.seq + 1;
  if (!whole && !ending) return { turn, outcome: "hole" };
  const step = ending ? end : (STEPS[event.type] ?? ((same) => same));
  return { turn: { ...step(turn, event), seq: event.seq }, outcome: whole ? "applied" : "taken" };
}
