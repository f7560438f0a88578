/** Arrows move by message while the focus is in the log; Home and End go to its ends. */

/** @import { ThreadView } from "./thread_view.js" */

/**
 * @param {HTMLElement} log
 * @param {ThreadView} thread
 */
export function moveByArrows(log, thread) {
  log.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Home") thread.toStart();
    if (event.key === "End") thread.toEnd();
    thread.follow();
    target(event.key, thread.messages())?.focus();
    thread.follow();
  });
  log.addEventListener("focusin", (event) => markCurrent(thread, /** @type {Element} */ (event.target)));
}

/**
 * @param {string} key
 * @param {HTMLElement[]} messages
 */
function target(key, messages) {
  const last = messages.length - 1;
  if (key === "Home") return messages[0];
  if (key === "End") return messages[last];
  const here = messages.findIndex((node) => node.contains(document.activeElement));
  if (here < 0) return messages[last];
  return messages[Math.max(0, Math.min(last, here + (key === "ArrowUp" ? -1 : 1)))];
}

/** Only the message that the fan is on has its More in the tab order: a long thread is not a hundred stops. */
/** @param {ThreadView} thread @param {Element} target */
function markCurrent(thread, target) {
  const current = target.closest(".msg");
  for (const node of thread.messages()) {
    node.querySelector(".more")?.setAttribute("tabindex", node === current ? "0" : "-1");
  }
}
