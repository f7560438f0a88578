/** Which part of a long thread stands in the page. Pure. Distances are px from the thread's end upwards. */

/**
 * @typedef {object} Part
 * @property {number} start the first item of the part
 * @property {number} end behind its last
 * @property {number} above px of what is left out before it
 * @property {number} below px of what is left out behind it
 */

/**
 * The items that cover the stretch from `from` to `to`, and at least one when there is any.
 * @param {number[]} heights oldest first
 * @param {number} from
 * @param {number} to
 * @returns {Part}
 */
export function partOf(heights, from, to) {
  let end = heights.length;
  let below = 0;
  while (end > 1 && below + heights[end - 1] <= from) below += heights[(end -= 1)];
  let start = end;
  let reached = below;
  while (start > 0 && (reached < to || start === end)) reached += heights[(start -= 1)];
  return { start, end, above: sum(heights, 0, start), below };
}

/**
 * Whether the part still covers the stretch, so that nothing has to be done.
 * @param {Part} part
 * @param {number[]} heights
 * @param {number} from
 * @param {number} to
 */
export function covers(part, heights, from, to) {
  if (part.end > heights.length) return false;
  const top = part.below + sum(heights, part.start, part.end);
  return (part.below <= from || part.end === heights.length) && (top >= to || part.start === 0);
}

/**
 * @param {number[]} heights
 * @param {number} start
 * @param {number} end
 */
export function sum(heights, start, end) {
  let px = 0;
  for (let at = start; at < end; at += 1) px += heights[at];
  return px;
}

const LINE_PX = 22;
const CHARACTER_PX = 7.6;
const FRAMES_PX = { day: 40, new: 40, notice: 170, message: 24 };

/**
 * How tall an item that was never in the page may be. Only the scroll bar rests on it.
 * @param {{kind: "day" | "new" | "notice" | "message", text?: string}} item
 * @param {number} widthPx of the thread
 */
export function guess({ kind, text = "" }, widthPx) {
  if (kind !== "message") return FRAMES_PX[kind];
  const lines = Math.ceil(((text.length + 1) * CHARACTER_PX) / Math.max(120, widthPx * 0.75));
  return FRAMES_PX.message + lines * LINE_PX;
}
