/** Events and messages as the server sends them, for the tests beside this file. */

export const AT = "2026-11-24T10:00:00.000Z";

export function fanMessage(text = "hello", fields = {}) {
  return { id: "m1", turn: "t1", role: "fan", text, created_at: AT, status: "complete", degraded: false, ...fields };
}

export function reply(text, fields = {}) {
  return {
    id: "m2",
    turn: "t1",
    role: "persona",
    text,
    created_at: "2026-11-24T10:00:02.000Z",
    status: "complete",
    degraded: false,
    ...fields,
  };
}

export function started(seq, fields = {}) {
  return { type: "turn.started", turn: "t1", seq, client_message_id: "c1", fan_message: fanMessage(), ...fields };
}

export function token(seq, text, turn = "t1") {
  return { type: "turn.token", turn, seq, text };
}

export function completed(seq, text, turn = "t1") {
  return { type: "turn.completed", turn, seq, message: reply(text, { turn }), usage: {} };
}

/** localStorage in memory. */
export function memory(initial = {}) {
  const values = new Map(Object.entries(initial));
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, String(value)),
    removeItem: (key) => values.delete(key),
  };
}
