/** The log: as much of the thread as the fan can see and a bit around it, without a jump as things come and go. */

import { ThreadPart } from "./thread_part.js";
import { covers, partOf, sum } from "./window.js";

/** @import { Item } from "./thread.js" */
/** @import { MessageActs } from "./message_view.js" */
/** @import { Part } from "./window.js" */

const NEAR_PX = 80; // from the end: still reading the newest
const AROUND = 1.5; // screens kept beyond each edge
const SLACK = 0.5; // screens that may be scrolled before the part moves
const EARLY = 3; // screens before the top at which earlier messages are asked for

/**
 * ports: wantsEarlier() when the top comes near; moved() after the fan has scrolled.
 * @typedef {MessageActs & { wantsEarlier: () => void, moved: () => void, dismissed: () => void }} ThreadPorts
 */

export class ThreadView {
  #scroller;
  #list;
  #ports;
  #part;
  /** @type {Item[]} */
  #items = [];
  /** @type {number[]} */
  #heights = [];
  /** @type {Part} */
  #range = { start: 0, end: 0, above: 0, below: 0 };
  /** @type {Set<string>} */
  #dismissed = new Set();
  #resizes;
  #width = 0;

  /**
   * @param {HTMLElement} scroller column-reverse: its scrollTop is 0 at the newest, and negative above
   * @param {HTMLElement} list
   * @param {ThreadPorts} ports
   */
  constructor(scroller, list, ports) {
    this.#scroller = scroller;
    this.#list = list;
    this.#ports = ports;
    this.#part = new ThreadPart(list, ports, (item) => this.#dismiss(item.key));
    scroller.addEventListener("scroll", oncePerFrame(() => this.#scrolled()), { passive: true });
    this.#resizes = new ResizeObserver(() => this.#resized());
    this.#resizes.observe(scroller);
  }

  dispose() {
    this.#resizes.disconnect();
  }

  /** @param {Item[]} items oldest first */
  show(items) {
    this.#items = this.#dismissed.size ? items.filter(({ key }) => !this.#dismissed.has(key)) : items;
    this.#withoutJump(() => this.#draw());
    this.#askEarlier();
  }

  /** Whether the newest is in sight. */
  isAtEnd() {
    return Math.abs(this.#scroller.scrollTop) < NEAR_PX;
  }

  /** More than a screen above the newest. */
  isFarUp() {
    return Math.abs(this.#scroller.scrollTop) > this.#scroller.clientHeight;
  }

  toEnd() {
    this.#scroller.scrollTop = 0;
  }

  /** To the first message that is loaded. */
  toStart() {
    this.#scroller.scrollTop = -this.#scroller.scrollHeight;
    this.#draw();
    this.#askEarlier();
  }

  /**
   * Brings a message into the middle of the view; its element, or null when the thread does not have it.
   * @param {string} id
   */
  reveal(id) {
    const index = this.#items.findIndex((item) => item.kind === "message" && item.message?.id === id);
    if (index < 0) return null;
    const below = sum(this.#heights, index + 1, this.#heights.length);
    this.#scroller.scrollTop = -Math.max(0, below - this.#scroller.clientHeight / 2);
    this.#draw();
    const node = this.#part.nodes()[index - this.#range.start] ?? null;
    node?.scrollIntoView({ block: "center" }); // what stands around it has been measured now
    this.follow();
    return node;
  }

  /** The messages in the page, in order. */
  messages() {
    return this.#part.nodes().filter((node) => node.classList.contains("msg"));
  }

  /** @param {Element | null} node */
  itemOf(node) {
    return this.#part.itemOf(node);
  }

  /** Draws around where the fan is now, without waiting for the scroll to be told. */
  follow() {
    this.#withoutJump(() => this.#draw());
  }

  #scrolled() {
    if (!this.#scroller.isConnected) return;
    const { from, to } = this.#sight(SLACK);
    if (!covers(this.#range, this.#heights, from, to)) this.#withoutJump(() => this.#draw());
    this.#askEarlier();
    this.#ports.moved();
  }

  #resized() {
    if (this.#list.clientWidth !== this.#width) this.#part.forgetHeights();
    this.#width = this.#list.clientWidth;
    this.#withoutJump(() => this.#draw());
  }

  #draw() {
    const { from, to } = this.#sight(AROUND);
    this.#heights = this.#part.heights(this.#items);
    this.#range = partOf(this.#heights, from, to);
    this.#part.show(this.#items, this.#range);
    this.#heights = this.#part.heights(this.#items);
  }

  /** What is in sight with so many screens around it, in px from the thread's end upwards. @param {number} screens */
  #sight(screens) {
    const screen = this.#scroller.clientHeight;
    const hidden = this.#list.getBoundingClientRect().bottom - this.#scroller.getBoundingClientRect().bottom;
    return { from: hidden - screens * screen, to: hidden + screen + screens * screen };
  }

  /** What the fan looks at stays where it is, whatever changes below; at the end the newest stays in sight. @param {() => void} work */
  #withoutJump(work) {
    const anchor = this.isAtEnd() ? null : this.#firstInSight();
    const before = anchor?.offsetTop ?? 0;
    work();
    const moved = anchor?.isConnected ? anchor.offsetTop - before : 0;
    if (moved) this.#scroller.scrollTop += moved;
  }

  #firstInSight() {
    const top = this.#scroller.getBoundingClientRect().top;
    return this.#part.nodes().find((node) => node.getBoundingClientRect().bottom > top) ?? null;
  }

  #askEarlier() {
    const { to } = this.#sight(EARLY);
    if (to > sum(this.#heights, 0, this.#heights.length)) this.#ports.wantsEarlier();
  }

  /** @param {string} key */
  #dismiss(key) {
    this.#dismissed.add(key);
    this.show(this.#items);
    this.#ports.dismissed();
  }
}

/** @param {() => void} work */
export function oncePerFrame(work) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      work();
    });
  };
}
