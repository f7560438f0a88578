/**
 * Time zones by the words that people look for them with.
 * @typedef {{ id: string, place: string, region: string, words: string }} Zone
 */

const SHOWN = 40;

/**
 * Every zone that the browser knows, and those that an account or this device names besides.
 * @param {string[]} extra
 * @returns {Zone[]}
 */
export function allZones(extra) {
  const known = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", ...extra]);
  return [...known].sort().map(zoneOf);
}

/**
 * Europe/Berlin is Berlin in Europe; America/Argentina/Ushuaia is Ushuaia in America, Argentina.
 * @param {string} id
 * @returns {Zone}
 */
export function zoneOf(id) {
  const parts = id.replaceAll("_", " ").split("/");
  const place = /** @type {string} */ (parts.pop());
  return { id, place, region: parts.join(", "), words: plain(`${place} ${parts.join(" ")} ${id}`) };
}

/**
 * Those that have every word of the query, the places that begin with it first; the device's own zone heads an empty one.
 * @param {Zone[]} zones
 * @param {string} query
 * @param {string} here
 */
export function findZones(zones, query, here) {
  const asked = plain(query).trim();
  if (!asked) return [...zones].sort((one, other) => Number(other.id === here) - Number(one.id === here)).slice(0, SHOWN);
  const words = asked.split(/\s+/);
  const found = zones.filter((zone) => words.every((word) => zone.words.includes(word)));
  const rank = (/** @type {Zone} */ zone) => Number(!plain(zone.place).startsWith(asked));
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, SHOWN);
}

/**
 * The clock there, such as 18:04.
 * @param {string} id
 * @param {string | undefined} locale
 * @param {Date} [now]
 */
export function clockIn(id, locale, now = new Date()) {
  return new Intl.DateTimeFormat(locale, { timeZone: id, hour: "2-digit", minute: "2-digit" }).format(now);
}

/** Without case and accents. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
