/**
 * Which module shows which view. Each is loaded when it is first wanted; the server reads this list to preload what the
 * page's first screen needs (companion/fan/modules.py).
 */

export const VIEWS = {
  signup: () => import("./signup.js").then((module) => module.signUpView),
  login: () => import("./login.js").then((module) => module.logInView),
  forgot: () => import("./forgot.js").then((module) => module.forgotView),
  join: () => import("./join.js").then((module) => module.joinView),
  chat: () => import("./chat.js").then((module) => module.chatView),
  artist: () => import("./artist_page.js").then((module) => module.artistView),
  settings: () => import("./settings_page.js").then((module) => module.settingsView),
  memories: () => import("./memories_page.js").then((module) => module.memoriesView),
};

/** What opens over the chat, loaded in the same way. */
export async function whySheet() {
  return (await import("./why_sheet.js")).openWhy;
}

/**
 * The rest comes when the phone has nothing better to do, so that no tap waits for it; not to who asks the browser to
 * save data, and loads only what she opens.
 */
export function fetchTheRest() {
  const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
  if (connection?.saveData) return;
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 1000));
  idle(() => [...Object.values(VIEWS), whySheet].map((load) => load().catch(() => undefined))); // asked again when it is wanted
}
