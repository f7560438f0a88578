/** The line under the header draws the voice: one stroke, a bump of waves that its state and the mood shape. Pure. */

/** @import { ChatState, Mood } from "./types.js" */

const WIDTH = 390;
const MIDDLE = 8;
const WAVE = 8;

/**
 * The path of a 390 by 16 box. Offline and still are flat; a mood always draws the same bump.
 * @param {string} state
 * @param {Mood | null} [mood]
 */
export function linePath(state, mood = null) {
  const shape = shapeOf(state, mood);
  if (!shape) return `M0 ${MIDDLE}H${WIDTH}`;
  let path = `M0 ${MIDDLE}H${WAVE}`;
  for (let x = WAVE; x < WIDTH - WAVE; x += WAVE) path += `q${WAVE / 2} ${swing(x, shape)} ${WAVE} 0`;
  return `${path}H${WIDTH}`;
}

/** @typedef {{ centre: number, spread: number, height: number, beat: number }} Shape */

/**
 * @param {string} state
 * @param {Mood | null} mood
 * @returns {Shape | null}
 */
function shapeOf(state, mood) {
  const seed = seedOf(mood?.label ?? "");
  const beat = 12 + (seed % 17);
  if (state === "speaking") return { centre: 0.3, spread: 0.24, height: 15, beat };
  if (state !== "idle") return null;
  return { centre: 0.24 + (seed % 5) * 0.03, spread: 0.06 + (seed % 7) * 0.012, height: 5 + (seed % 4), beat };
}

/** @param {string} words */
function seedOf(words) {
  return [...words].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973, 7);
}

/**
 * @param {number} x
 * @param {Shape} shape
 */
function swing(x, { centre, spread, height, beat }) {
  const distance = (x / WIDTH - centre) / spread;
  const size = height * Math.exp(-distance * distance) * (0.7 + 0.3 * Math.cos(x / beat));
  const side = (x / WAVE) % 2 ? -1 : 1;
  return (side * size).toFixed(1);
}

const STILL = ["paused", "sanctioned", "licence_missing"];

/**
 * What the line shows: the server's silence, the house's words, or the voice.
 * @param {Pick<ChatState, "connection" | "offline" | "help"> & { quota?: unknown }} state
 * @param {boolean} isReplying
 * @returns {"still" | "offline" | "speaking" | "idle"}
 */
export function lineState({ connection, offline, help, quota }, isReplying) {
  if (help || quota || STILL.includes(connection.why ?? "")) return "still";
  if (offline || connection.kind !== "ready") return "offline";
  return isReplying ? "speaking" : "idle";
}

const LOW = 0.25;

/**
 * How far the string swings, 0 to 1: it follows the words as they come, and swings low while none do.
 * @param {number} before
 * @param {number} grown characters since then
 */
export function amplitude(before, grown) {
  const wanted = Math.min(1, LOW + grown / 24);
  return Math.round((before + (wanted - before) * 0.6) * 100) / 100;
}
