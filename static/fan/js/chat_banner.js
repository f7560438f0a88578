/** What stands above the thread: the banner, the line, and where the history begins. */

import { el, icon, part } from "./dom.js";
import { gettext } from "./i18n.js";
import { amplitude, linePath, lineState } from "./line.js";

/** @import { ChatState, Mood } from "./types.js" */
/** @import { Banner } from "./texts.js" */

const STRING_RESTS_MS = 350;

/**
 * @param {HTMLElement} node
 * @param {Banner | null} banner
 * @param {() => void} connect
 */
export function showBanner(node, banner, connect) {
  const shown = banner ? `${banner.title} ${banner.text}`.trim() : "";
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  node.hidden = !banner;
  if (!banner) return node.replaceChildren();
  const words = el("span", {}, el("b", { text: banner.title }), ` ${banner.text}`);
  node.replaceChildren(icon(banner.icon, "i-m"), words);
  if (banner.retry) node.append(el("button", { type: "button", class: "again", text: gettext("Connect again"), onclick: connect }));
}

/** The voice's line. While a reply runs it is a plucked string that follows the words. */
export class Line {
  #svg;
  #mood;
  #length = 0;
  #amp = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;

  /** @param {SVGElement} svg @param {Mood | null | undefined} mood */
  constructor(svg, mood) {
    this.#svg = svg;
    this.#mood = mood ?? null;
  }

  /**
   * @param {ChatState} state
   * @param {boolean} isReplying
   * @param {number} length of the running reply, in characters
   */
  show(state, isReplying, length) {
    const wanted = lineState(state, isReplying);
    if (this.#svg.dataset.state !== wanted || !this.#svg.dataset.drawn) this.#draw(wanted);
    if (wanted === "speaking") this.#pluck(Math.max(0, length - this.#length));
    this.#length = length;
  }

  dispose() {
    clearTimeout(this.#rest);
  }

  /** @param {string} state */
  #draw(state) {
    this.#svg.dataset.state = state;
    this.#svg.dataset.drawn = "";
    part(this.#svg, "path").setAttribute("d", linePath(state, this.#mood));
  }

  /** @param {number} grown */
  #pluck(grown) {
    this.#amp = amplitude(this.#amp, grown);
    this.#svg.style.setProperty("--amp", String(this.#amp));
    clearTimeout(this.#rest);
    if (grown) this.#rest = setTimeout(() => this.#pluck(0), STRING_RESTS_MS);
  }
}

/**
 * @param {HTMLElement} root
 * @param {ChatState["history"]} history
 * @param {boolean} isEmpty
 */
export function showHistory(root, { status, cursor, earlier, stuck }, isEmpty) {
  const isReady = status === "ready";
  part(root, "[data-loading]").hidden = status !== "loading" || !isEmpty;
  part(root, "[data-history-failed]").hidden = status !== "failed";
  part(root, "[data-empty]").hidden = !(isReady && isEmpty);
  part(root, "[data-earlier]").hidden = !(isReady && earlier);
  part(root, "[data-earlier-failed]").hidden = !(isReady && stuck);
  part(root, "[data-beginning]").hidden = !(isReady && !cursor && !isEmpty);
}
