/** A finger that rests: told once after a moment; moving or lifting it before means something else. */

const AFTER_MS = 450;
const STILL_PX = 10;

/**
 * @param {HTMLElement} root
 * @param {string} selector what can be pressed
 * @param {(target: Element) => void} work
 */
export function onLongPress(root, selector, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let start = { x: 0, y: 0 };
  const cancel = () => clearTimeout(timer);
  root.addEventListener("pointerdown", (event) => {
    cancel();
    const target = /** @type {Element} */ (event.target).closest(selector);
    if (!target || event.pointerType === "mouse") return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => work(target), AFTER_MS);
  });
  root.addEventListener("pointermove", (event) => {
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL_PX) cancel();
  });
  for (const ending of ["pointerup", "pointercancel", "contextmenu"]) root.addEventListener(ending, cancel);
}
