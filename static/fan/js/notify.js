/** A note of the phone's own when a reply is there and the fan is elsewhere; only for who turned it on in settings. */

import { gettext } from "./i18n.js";

/** @import { Artist } from "./types.js" */

const CHOICE = "companion.notify"; // settings_page.js writes it

/**
 * Nothing of what was said is shown: others may see the screen.
 * @param {Pick<Artist, "name" | "slug">} artist
 */
export async function tellOfReply({ name, slug }) {
  if (!document.hidden || !isWanted()) return;
  const title = gettext("{name}, AI persona", { name });
  const options = { body: gettext("Your reply is ready."), tag: `reply-${slug}`, icon: iconOf() };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) return worker.showNotification(title, options);
  const note = new Notification(title, options);
  note.addEventListener("click", () => window.focus());
}

function isWanted() {
  const hasLeave = typeof Notification !== "undefined" && Notification.permission === "granted";
  return hasLeave && localStorage.getItem(CHOICE) === "on";
}

function iconOf() {
  return /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=apple-touch-icon]"))?.href;
}
