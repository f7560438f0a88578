/** Times as a person reads them, in the browser's own zone and language. */

const DAY_MS = 86_400_000;

/** 18:04, or nothing when there is no time yet. */
export function clock(at) {
  const date = read(at);
  return date ? date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }) : "";
}

/** A name for the local day, equal for two times of one day; null when there is no time yet. */
export function dayOf(at) {
  const date = read(at);
  return date ? `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}` : null;
}

/** Today, Yesterday, Friday, 3 November. */
export function dayLabel(at, now = new Date()) {
  const date = read(at);
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days > 1 && days < 7) return date.toLocaleDateString(undefined, { weekday: "long" });
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(undefined, { day: "numeric", month: "long", year });
}

export function minutesBetween(one, other) {
  return Math.abs(new Date(other) - new Date(one)) / 60_000;
}

/** The parts of a date in the schedule: {day, month, when}. */
export function scheduleParts(at) {
  const date = read(at);
  return {
    day: String(date.getDate()),
    month: date.toLocaleDateString(undefined, { month: "short" }),
    when: `${date.toLocaleDateString(undefined, { weekday: "long" })}, ${clock(at)}`,
  };
}

function read(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
