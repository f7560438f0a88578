/** A menu of a few actions beside what it is about. Esc, Tab, scrolling and pressing elsewhere close it. */

import { el, icon } from "./dom.js";

/**
 * @typedef {object} MenuEntry
 * @property {string} label
 * @property {string} icon
 * @property {() => void} run
 * @property {boolean} [isChecked] for one of several answers
 * @property {boolean} [isDanger]
 */

const GAP_PX = 6;
const EDGE_PX = 8;
/** @type {WeakMap<HTMLElement, () => void>} */
const open = new WeakMap();

/**
 * Opens it with the focus on its first entry, or closes it when it is open. The focus goes back to `returnTo`.
 * `host` is the landmark that it stands in.
 * @param {{ host: HTMLElement, label: string, beside: Element, entries: MenuEntry[], returnTo: HTMLElement }} wanted
 */
export function openMenu({ host, label, beside, entries, returnTo }) {
  const known = open.get(returnTo);
  if (known) return known();
  const leaving = new AbortController();
  const close = (isFocusKept = false) => {
    leaving.abort();
    open.delete(returnTo);
    menu.remove();
    if (!isFocusKept) returnTo.focus({ preventScroll: true });
  };
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label });
  menu.append(...entries.map((entry) => entryNode(entry, close)));
  host.append(menu);
  open.set(returnTo, close);
  place(menu, beside.getBoundingClientRect());
  menu.addEventListener("keydown", (event) => key(event, menu, close));
  listenOutside([menu, returnTo], close, leaving.signal);
  return entriesOf(menu)[0].focus({ preventScroll: true });
}

/**
 * @param {HTMLElement[]} inside
 * @param {(isFocusKept?: boolean) => void} close
 * @param {AbortSignal} signal
 */
function listenOutside(inside, close, signal) {
  const outside = (/** @type {Event} */ event) => {
    if (!inside.some((node) => node.contains(/** @type {Node} */ (event.target)))) close(true);
  };
  document.addEventListener("pointerdown", outside, { capture: true, signal });
  document.addEventListener("wheel", outside, { passive: true, signal });
  window.addEventListener("resize", () => close(true), { signal });
}

/** @param {MenuEntry} entry @param {() => void} close */
function entryNode({ label, icon: name, run, isChecked, isDanger }, close) {
  const act = () => {
    close();
    run();
  };
  const role = isChecked === undefined ? "menuitem" : "menuitemradio";
  const marks = { type: "button", role, tabindex: "-1", class: isDanger && "danger", onclick: act };
  const node = el("button", marks, icon(name, "i-m"), el("span", { text: label }));
  if (isChecked !== undefined) node.setAttribute("aria-checked", String(isChecked));
  return node;
}

/** @param {HTMLElement} menu */
function entriesOf(menu) {
  return /** @type {HTMLElement[]} */ ([...menu.children]);
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 * @param {() => void} close
 */
function key(event, menu, close) {
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    return close();
  }
  const entries = entriesOf(menu);
  const here = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = nextEntry(event.key, here, entries);
  if (next === null) return undefined;
  event.preventDefault();
  return entries[next].focus();
}

/**
 * @param {string} pressed
 * @param {number} here
 * @param {HTMLElement[]} entries
 */
function nextEntry(pressed, here, entries) {
  const count = entries.length;
  if (pressed === "ArrowDown") return (here + 1) % count;
  if (pressed === "ArrowUp") return (here - 1 + count) % count;
  if (pressed === "Home") return 0;
  if (pressed === "End") return count - 1;
  if (pressed.length !== 1 || pressed === " ") return null;
  const found = entries.findIndex((entry) => entry.textContent?.trim().toLowerCase().startsWith(pressed.toLowerCase()));
  return found < 0 ? null : found;
}

/** Under what it is about, above it where there is no room, and never over the screen's edge. */
/** @param {HTMLElement} menu @param {DOMRect} beside */
function place(menu, beside) {
  const { width, height } = menu.getBoundingClientRect();
  const isRightSide = beside.left + beside.width / 2 > innerWidth / 2;
  const wantedX = isRightSide ? beside.right - width : beside.left;
  const isRoomBelow = beside.bottom + GAP_PX + height + EDGE_PX <= innerHeight;
  const wantedY = isRoomBelow ? beside.bottom + GAP_PX : beside.top - GAP_PX - height;
  menu.style.left = `${within(wantedX, innerWidth - width)}px`;
  menu.style.top = `${within(wantedY, innerHeight - height)}px`;
}

/** @param {number} wanted @param {number} most */
function within(wanted, most) {
  return Math.max(EDGE_PX, Math.min(wanted, most - EDGE_PX));
}
