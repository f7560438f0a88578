/**
 * Dates of what is on, as a fan reads them: in the zone of her account, in the page's language.
 * @typedef {{ day: string, month: string, when: string }} DateParts
 */

import { gettext } from "./i18n.js";
import { localeOf } from "./times.js";

const LOCALE = localeOf(globalThis.document?.documentElement.lang, globalThis.navigator?.languages ?? []);
const ALL_DAY_MS = 23 * 60 * 60 * 1000;

/**
 * The parts of an entry of the schedule. zone: an IANA name, or nothing for the device's own.
 * @param {{ starts_at: string, ends_at: string }} entry
 * @param {{ zone?: string | undefined, now?: Date, locale?: string | undefined }} [options]
 * @returns {DateParts}
 */
export function dateParts({ starts_at, ends_at }, { zone, now = new Date(), locale = LOCALE } = {}) {
  const [start, end] = [new Date(starts_at), new Date(ends_at)];
  /** @param {Intl.DateTimeFormatOptions} options @param {Date} date */
  const say = (options, date) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(date);
  const clock = (/** @type {Date} */ date) => say({ hour: "2-digit", minute: "2-digit" }, date);
  const weekday = say({ weekday: "long" }, start);
  return {
    day: say({ day: "numeric" }, start),
    month: say({ month: "short" }, start),
    when: whenOf({ start, end, now, weekday, clock }),
  };
}

/** @param {{ start: Date, end: Date, now: Date, weekday: string, clock: (date: Date) => string }} about */
function whenOf({ start, end, now, weekday, clock }) {
  const values = { weekday, start: clock(start), end: clock(end) };
  const isAllDay = end.getTime() - start.getTime() >= ALL_DAY_MS;
  if (start <= now && now < end) return isAllDay ? gettext("On now") : gettext("On now, until {end}", values);
  return isAllDay ? gettext("{weekday}, all day", values) : gettext("{weekday}, {start} to {end}", values);
}

/**
 * Five minutes ago, yesterday, 3 days ago.
 * @param {string} at
 * @param {Date} [now]
 */
export function ago(at, now = new Date()) {
  const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000);
  const say = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  if (minutes > -1) return gettext("just now");
  if (minutes > -60) return say.format(minutes, "minute");
  if (minutes > -60 * 24) return say.format(Math.round(minutes / 60), "hour");
  return say.format(Math.round(minutes / 60 / 24), "day");
}
