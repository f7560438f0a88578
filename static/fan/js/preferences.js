/**
 * What a fan chose for herself, the same in every tab of this browser: the account's fields, the theme, and
 * what may be remembered.
 * @import { Me, MemorySettings } from "./types.js"
 * @import { Theme } from "./theme.js"
 * @typedef {{ me: Me } | { theme: Theme } | { memory: MemorySettings }} Choice
 */

import { chooseTheme } from "./theme.js";

const tabs = new BroadcastChannel("companion.preferences");

/** Tells the other tabs. @param {Choice} choice */
export function tellTabs(choice) {
  tabs.postMessage(choice);
}

/** Shows the page in the theme, here and in the other tabs. @param {Theme} theme */
export function setTheme(theme) {
  chooseTheme(theme);
  tellTabs({ theme });
}

/** Every page follows a theme that is chosen in another tab. */
export function followTheme() {
  listen((choice) => "theme" in choice && chooseTheme(choice.theme));
}

/**
 * @param {(choice: Choice) => void} work
 * @param {AbortSignal} [signal]
 */
export function listen(work, signal) {
  tabs.addEventListener("message", ({ data }) => work(data), signal ? { signal } : undefined);
}
