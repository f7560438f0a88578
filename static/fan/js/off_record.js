/** The chat's quiet mark while remembering is paused. */

import { followLinks } from "./forms.js";
import { listen } from "./preferences.js";
import { tried } from "./tried.js";

/** @import { MemorySettings, ViewContext } from "./types.js" */

/**
 * Asks how it stands and keeps the mark true to it.
 * @param {HTMLElement} mark
 * @param {ViewContext} ctx
 * @param {AbortSignal} signal ends it
 */
export async function learnRecord(mark, { api, go, slug, store }, signal) {
  const take = (/** @type {MemorySettings} */ { paused }) => store.set({ offTheRecord: paused });
  const unwatch = store.watch(({ offTheRecord }) => (mark.hidden = !offTheRecord));
  signal.addEventListener("abort", unwatch);
  listen((choice) => "memory" in choice && take(choice.memory), signal);
  followLinks(mark, go);
  const settings = await tried(() => api.memorySettings(slug), () => undefined); // that the login is over, the history says
  if (settings) take(settings);
}
