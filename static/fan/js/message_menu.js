/** What can be done with one message: by a long press, a right click, the menu key, Enter on it, or its More. */

import { gettext } from "./i18n.js";
import { onLongPress } from "./long_press.js";
import { openMenu } from "./menu.js";

/** @import { Message } from "./types.js" */
/** @import { MenuEntry } from "./menu.js" */
/** @import { MessageItem } from "./thread.js" */
/** @import { ThreadView } from "./thread_view.js" */

/**
 * @typedef {object} MessageDeeds
 * @property {(text: string) => void} copy
 * @property {(message: Message, value: "up" | "down") => void} judge
 * @property {(message: Message) => void} report
 * @property {(message: Message) => void} explain
 * @property {(item: MessageItem) => void} retry
 * @property {(item: MessageItem) => void} discard
 * @property {() => void} stop
 */

/**
 * @param {HTMLElement} log
 * @param {ThreadView} thread
 * @param {MessageDeeds} deeds
 */
export function messageMenus(log, thread, deeds) {
  const open = (/** @type {Element} */ target) => openFor(target, log, thread, deeds);
  onLongPress(log, ".bubble", open);
  log.addEventListener("contextmenu", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("a") || !getSelection()?.isCollapsed || !open(target)) return; // the browser's own menu
    event.preventDefault();
  });
  log.addEventListener("click", (event) => {
    const more = /** @type {Element} */ (event.target).closest(".more");
    if (more) open(more);
  });
  log.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.key === "Enter" && target.matches(".msg") && open(target)) event.preventDefault();
  });
}

/**
 * True when there was a message with something to do.
 * @param {Element} target
 * @param {HTMLElement} log
 * @param {ThreadView} thread
 * @param {MessageDeeds} deeds
 */
function openFor(target, log, thread, deeds) {
  const node = /** @type {HTMLElement | null} */ (target.closest(".msg"));
  const item = thread.itemOf(node);
  if (!node || !item || item.state === "thinking") return false;
  const host = /** @type {HTMLElement} */ (log.closest("main"));
  const more = target.closest(".more");
  if (!more && host.querySelector("[role=menu]")) return true; // the browser's own sign of the same long press
  const returnTo = /** @type {HTMLElement} */ (more ?? node);
  const beside = node.querySelector(".bubble") ?? node;
  openMenu({ host, label: gettext("This message"), beside, entries: entriesFor(item, deeds), returnTo });
  return true;
}

/**
 * @param {MessageItem} item
 * @param {MessageDeeds} deeds
 * @returns {MenuEntry[]}
 */
export function entriesFor(item, deeds) {
  const copy = { label: gettext("Copy"), icon: "copy", run: () => deeds.copy(item.text) };
  if (item.role === "fan") return [copy, ...fanEntries(item, deeds)];
  if (item.state === "streaming") return [copy, { label: gettext("Stop this reply"), icon: "stop", run: deeds.stop }];
  return item.message ? [copy, ...replyEntries(item.message, deeds)] : [copy];
}

/** @param {MessageItem} item @param {MessageDeeds} deeds @returns {MenuEntry[]} */
function fanEntries(item, deeds) {
  const again = { label: gettext("Try again"), icon: "again", run: () => deeds.retry(item) };
  const drop = { label: gettext("Delete"), icon: "bin", run: () => deeds.discard(item), isDanger: true };
  if (item.state === "waiting") return [drop];
  return [...(item.retry ? [again] : []), ...(item.state === "refused" ? [drop] : [])];
}

/** @param {Message} message @param {MessageDeeds} deeds @returns {MenuEntry[]} */
function replyEntries(message, deeds) {
  const thumb = (/** @type {"up" | "down"} */ value) => ({
    label: value === "up" ? gettext("Good reply") : gettext("Bad reply"),
    icon: value === "up" ? "good" : "bad",
    run: () => deeds.judge(message, value),
    isChecked: message.feedback === value,
  });
  const report = { label: gettext("Report"), icon: "flag", run: () => deeds.report(message), isDanger: true };
  const why = { label: gettext("Why this reply?"), icon: "why", run: () => deeds.explain(message) };
  return [why, thumb("up"), thumb("down"), ...(message.reported ? [] : [report])];
}
