/** A short word at the foot of the page that goes by itself. */

export const STAYS_MS = 4_000;

/** @param {HTMLElement} node of role status */
export function toaster(node) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {string} */ text) => {
    clearTimeout(timer);
    node.textContent = text;
    timer = setTimeout(() => {
      node.textContent = "";
    }, STAYS_MS);
  };
}
