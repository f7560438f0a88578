/** What this device keeps of a fan between visits, and how all of it goes at the log-out. */

const OURS = "companion.";
const OF_THE_DEVICE = ["companion.notify"]; // a choice about this phone, not about a fan

/**
 * @param {string} slug
 * @param {Pick<Storage, "getItem">} storage
 */
export function hasJoined(slug, storage) {
  return storage.getItem(joinedKey(slug)) !== null;
}

/**
 * @param {string} slug
 * @param {boolean} joined
 * @param {Pick<Storage, "setItem" | "removeItem">} storage
 */
export function keepJoined(slug, joined, storage) {
  if (joined) storage.setItem(joinedKey(slug), "1");
  else storage.removeItem(joinedKey(slug));
}

/**
 * Where the memories are noted that the server has not forgotten yet (forgetting.js).
 * @param {string} slug
 */
export function forgetKey(slug) {
  return `${OURS}forget.${slug}`;
}

/** @param {string} slug */
function joinedKey(slug) {
  return `${OURS}joined.${slug}`;
}

/** @param {{ local: Storage, session: Storage }} storages */
export function forgetFan({ local, session }) {
  session.clear();
  const names = Array.from({ length: local.length }, (_, index) => local.key(index) ?? "");
  for (const name of names) {
    if (name.startsWith(OURS) && !OF_THE_DEVICE.includes(name)) local.removeItem(name);
  }
}
