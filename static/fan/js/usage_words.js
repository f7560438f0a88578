/**
 * What is left of a quota, in words.
 * @import { Quota } from "./types.js"
 */

import { gettext, ngettext } from "./i18n.js";
import { localeOf } from "./times.js";

const LOCALE = localeOf(globalThis.document?.documentElement.lang, globalThis.navigator?.languages ?? []);
const DAY_MS = 86_400_000;

/**
 * "18 left today", "None left until 1 December"; nothing when the quota has no limit.
 * @param {Quota | undefined} quota
 * @param {Date} [now]
 */
export function leftWords(quota, now = new Date()) {
  if (!quota || quota.limit === null) return "";
  const left = Math.max(0, quota.limit - quota.used);
  const date = quota.resets_at ? new Date(quota.resets_at) : null;
  if (left === 0) return date ? gettext("None left until {date}", { date: dateOf(date, now) }) : gettext("None left");
  if (date && date.getTime() - now.getTime() <= DAY_MS) return ngettext("{count} left today", "{count} left today", left);
  return ngettext("{count} left", "{count} left", left);
}

/**
 * A time within a day, else the date.
 * @param {Date} date
 * @param {Date} now
 */
function dateOf(date, now) {
  const isSoon = date.getTime() - now.getTime() <= DAY_MS;
  /** @type {Intl.DateTimeFormatOptions} */
  const options = isSoon ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(LOCALE, options).format(date);
}
