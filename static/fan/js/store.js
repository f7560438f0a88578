/** @import { Store } from "./types.js" */

/**
 * A value that the views watch.
 * @template {object} State
 * @param {State} initial
 * @returns {Store<State>}
 */
export function createStore(initial) {
  let value = initial;
  /** @type {Set<(state: State) => void>} */
  const watchers = new Set();
  return {
    get: () => value,
    set(fields) {
      value = { ...value, ...fields };
      for (const watcher of watchers) watcher(value);
    },
    watch(watcher) {
      watchers.add(watcher);
      watcher(value);
      return () => {
        watchers.delete(watcher);
      };
    },
  };
}
