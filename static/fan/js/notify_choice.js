/**
 * "Tell me when a reply is ready while I'm elsewhere": a choice about this device, kept on it. notify.js acts on it.
 * @typedef {"unsupported" | "blocked" | "on" | "off"} NotifyState
 */

const CHOICE = "companion.notify";

/** @returns {NotifyState} */
export function notifyState() {
  if (!("Notification" in globalThis)) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && localStorage.getItem(CHOICE) === "on" ? "on" : "off";
}

/**
 * Asks the browser when it has not been asked; answers what stands then.
 * @param {boolean} isOn
 * @returns {Promise<NotifyState>}
 */
export async function chooseNotifications(isOn) {
  if (isOn && (await Notification.requestPermission()) === "granted") localStorage.setItem(CHOICE, "on");
  else localStorage.removeItem(CHOICE);
  return notifyState();
}
