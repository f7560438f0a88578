/** After a cut or a reload: which turns to ask for again, and from where. Pure. */

/** @import { ClientFrame, Turn } from "./types.js" */
/** @import { Conversation } from "./conversation.js" */
/** @typedef {{ turn: string, seq: number }} OpenTurn */

/**
 * What to send on `session.ready`. A turn that started elsewhere, or before a reload, is played from its start.
 * @param {Conversation} conversation
 * @param {OpenTurn | null} [openTurn]
 * @returns {ClientFrame[]}
 */
export function resumeFrames(conversation, openTurn) {
  const known = conversation.running().map((turn) => ({ turn: turn.id, after: after(turn, openTurn) }));
  const isNew = openTurn && !conversation.turn(openTurn.turn);
  const asked = isNew ? [...known, { turn: openTurn.turn, after: 0 }] : known;
  return asked.map((wanted) => ({ type: /** @type {const} */ ("turn.resume"), ...wanted }));
}

/**
 * Asking past the server's last event is an error; what comes twice is folded away.
 * @param {Turn} turn
 * @param {OpenTurn | null} [openTurn]
 */
function after(turn, openTurn) {
  return openTurn && openTurn.turn === turn.id ? Math.min(turn.seq, openTurn.seq) : turn.seq;
}
