/** The line under the header draws the voice: one stroke, a bump of waves that its state shapes. Pure. */

const WIDTH = 390;
const MIDDLE = 8;
const WAVE = 8;

const SHAPES = {
  idle: { centre: 0.3, spread: 0.07, height: 6 },
  speaking: { centre: 0.3, spread: 0.22, height: 15 },
};

/** The path of a 390 by 16 box. Offline and still are flat. */
export function linePath(state) {
  const shape = SHAPES[state];
  if (!shape) return `M0 ${MIDDLE}H${WIDTH}`;
  let path = `M0 ${MIDDLE}H${WAVE}`;
  for (let x = WAVE; x < WIDTH - WAVE; x += WAVE) path += `q${WAVE / 2} ${swing(x, shape)} ${WAVE} 0`;
  return `${path}H${WIDTH}`;
}

function swing(x, { centre, spread, height }) {
  const distance = (x / WIDTH - centre) / spread;
  const size = height * Math.exp(-distance * distance) * (0.7 + 0.3 * Math.cos(x / 21));
  const side = (x / WAVE) % 2 ? -1 : 1;
  return (side * size).toFixed(1);
}

/** What the line shows: the server's silence, the house's words, or the voice. */
export function lineState({ connection, offline, help }, isReplying) {
  if (help || ["paused", "sanctioned", "licence_missing"].includes(connection.why)) return "still";
  if (offline || connection.kind !== "ready") return "offline";
  return isReplying ? "speaking" : "idle";
}
