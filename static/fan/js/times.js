/** Times as a person reads them: the browser's own zone, the page's language, and the region's habits where they fit. */

const DAY_MS = 86_400_000;
const LOCALE = localeOf(globalThis.document?.documentElement.lang, globalThis.navigator?.languages ?? []);
const CLOCK = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { weekday: "long" });
const DATE = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long" });
const DATE_OF_YEAR = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric" });
const WEEKDAY_DATE = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" });
const RELATIVE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/**
 * The person's own variant of the page's language (en-GB for en), else the page's language.
 * @param {string | undefined} language
 * @param {readonly string[]} preferred
 */
export function localeOf(language, preferred) {
  if (!language) return undefined;
  return preferred.find((one) => one.split("-")[0] === language.split("-")[0]) ?? language;
}

/**
 * 18:04, or nothing when there is no time yet.
 * @param {string} at
 */
export function clock(at) {
  const date = read(at);
  return date ? CLOCK.format(date) : "";
}

/**
 * A name for the local day, equal for two times of one day; null when there is no time yet.
 * @param {string} at
 */
export function dayOf(at) {
  const date = read(at);
  return date ? `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}` : null;
}

/**
 * Today, Yesterday, Friday, 3 November.
 * @param {string} at
 */
export function dayLabel(at, now = new Date()) {
  return capital(dayWords(at, now));
}

/**
 * The same inside of a sentence: today, yesterday, Friday, 3 November.
 * @param {string} at
 */
export function dayWords(at, now = new Date()) {
  const date = /** @type {Date} */ (read(at));
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS);
  if (days === 0 || days === 1) return RELATIVE.format(-days, "day");
  if (days > 1 && days < 7) return WEEKDAY.format(date);
  return (date.getFullYear() === now.getFullYear() ? DATE : DATE_OF_YEAR).format(date);
}

/**
 * Friday, 21:14: when something was said.
 * @param {string} at
 */
export function dayAndClock(at, now = new Date()) {
  return `${dayLabel(at, now)}, ${clock(at)}`;
}

/**
 * Tuesday 1 December, 18:00: when something comes back.
 * @param {string} at
 */
export function dateAndClock(at) {
  const date = read(at);
  return date ? `${WEEKDAY_DATE.format(date)}, ${CLOCK.format(date)}` : "";
}

/** @param {string} at */
function read(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** @param {Date} date */
function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** @param {string} words */
function capital(words) {
  return words.charAt(0).toLocaleUpperCase(LOCALE) + words.slice(1);
}
