/**
 * The facts of an artist on her page and beside the chat: drawn from what is known, and brought up to date when the
 * page is looked at again and when the connection is back.
 * @import { Artist, Quota, ViewContext } from "./types.js"
 */

import { SignedOut } from "./auth.js";
import { dateParts } from "./calendar.js";
import { el, fillArtist, icon } from "./dom.js";
import { isQuiet } from "./help.js";
import { gettext } from "./i18n.js";
import { Disconnected, Problem } from "./problems.js";
import { pathOf } from "./router.js";
import { leftWords } from "./usage_words.js";

const DATES = 3; // beside them what leads to her memories stays in sight; the rest is a press away
const SOONEST_MS = 1000; // two reasons to look again at once are one

/**
 * Fills the part of a page that `_artist_facts.html` is.
 * @param {Element} root
 * @param {ViewContext} ctx
 * @returns {{ dispose(): void }}
 */
export function showFacts(root, ctx) {
  const facts = new Facts(root, ctx);
  facts.start();
  return facts;
}

class Facts {
  #root;
  #ctx;
  #stop = new AbortController();
  /** @type {(() => void) | null} */
  #unwatch = null;
  #wasReady = true;
  #readAt = 0;
  #allDates = false;
  /** @type {Quota[]} */
  #quotas = [];

  /** @param {Element} root @param {ViewContext} ctx */
  constructor(root, ctx) {
    this.#root = root;
    this.#ctx = ctx;
  }

  start() {
    const { signal } = this.#stop;
    this.#draw();
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookAgain(), { signal });
    this.#root.addEventListener("click", (event) => this.#press(/** @type {MouseEvent} */ (event)), { signal });
    this.#unwatch = this.#ctx.store.watch(({ connection }) => {
      const isReady = connection.kind === "ready";
      if (isReady && !this.#wasReady) this.#lookAgain();
      this.#wasReady = isReady;
    });
    void this.#refresh();
  }

  dispose() {
    this.#stop.abort();
    this.#unwatch?.();
  }

  #lookAgain() {
    if (Date.now() - this.#readAt >= SOONEST_MS) void this.#refresh();
  }

  async #refresh() {
    this.#readAt = Date.now();
    try {
      const { api, slug, me } = this.#ctx;
      const [artist, usage, person] = await Promise.all([api.artist(slug), api.usage(slug), me ?? api.me()]);
      if (this.#stop.signal.aborted) return;
      Object.assign(this.#ctx.artist, { mood: null }, artist); // what every view knows of her
      this.#ctx.me = person;
      this.#quotas = usage.quotas;
      this.#draw();
      this.#part("stale").hidden = true;
    } catch (error) {
      if (error instanceof SignedOut) return void this.#ctx.leave("");
      if (!(error instanceof Disconnected || error instanceof Problem)) throw error;
      this.#part("stale").hidden = false;
      this.#readAt = 0;
    }
  }

  /** @param {MouseEvent} event */
  #press(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-again]")) return void this.#refresh();
    if (target.closest("[data-more-dates]")) return this.#showDates(!this.#allDates);
    const link = target.closest("[data-go]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.#ctx.go(/** @type {any} */ (link.getAttribute("data-go")));
  }

  #draw() {
    const { artist, me } = this.#ctx;
    fillArtist(this.#root, artist);
    this.#drawMood(artist.mood);
    this.#drawWays(artist.surfaces);
    const rows = artist.schedule.map((entry) => scheduleRow(entry, me?.time_zone));
    this.#part("schedule").replaceChildren(...rows);
    this.#part("schedule").removeAttribute("aria-busy");
    this.#part("no-dates").hidden = rows.length > 0;
    this.#showDates(this.#allDates);
  }

  /** The next dates, or each of them. @param {boolean} all */
  #showDates(all) {
    this.#allDates = all;
    const rows = [...this.#part("schedule").children];
    const isLong = rows.length > DATES + 1; // one alone is not worth a press
    rows.forEach((row, at) => row.toggleAttribute("hidden", isLong && !all && at >= DATES));
    const button = this.#part("more-dates");
    button.hidden = !isLong;
    button.setAttribute("aria-expanded", String(all));
    button.textContent = all ? gettext("Fewer dates") : gettext("All {count} dates", { count: rows.length });
  }

  /** @param {Artist["mood"]} mood */
  #drawMood(mood) {
    const place = this.#part("mood");
    const isShown = mood && !isQuiet(localStorage, Date.now());
    place.hidden = !isShown;
    const words = isShown ? [el("b", { text: sentence(capital(mood.label)) }), " ", mood.line] : [];
    place.replaceChildren(...words);
  }

  /** @param {Artist["surfaces"]} surfaces */
  #drawWays(surfaces) {
    this.#part("paused").hidden = surfaces.text;
    const place = this.#root.querySelector("[data-ways]");
    if (!place) return; // beside the chat there are none
    const left = (/** @type {string} */ name) => leftWords(this.#quotas.find((quota) => quota.name === name));
    const to = pathOf(this.#ctx.slug, "chat");
    const ways = [
      surfaces.text && way("text", gettext("Text"), left("messages"), to),
      surfaces.voice && way("mic", gettext("Voice"), left("voice"), to),
      surfaces.calls && way("call", gettext("Call"), left("minutes"), to),
    ];
    place.replaceChildren(...ways.filter((one) => one !== false));
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(`[data-${name}]`));
  }
}

/**
 * @param {string} symbol
 * @param {string} label
 * @param {string} left
 * @param {string} href
 */
function way(symbol, label, left, href) {
  const words = [el("b", { text: label }), left && el("small", { text: left })];
  return el("li", {}, el("a", { href, "data-go": "chat" }, icon(symbol, ""), ...words));
}

/**
 * @param {Artist["schedule"][number]} entry
 * @param {string | undefined} zone
 */
function scheduleRow(entry, zone) {
  const { day, month, when } = dateParts(entry, { zone });
  const date = el("time", { datetime: entry.starts_at }, el("b", { text: day }), month);
  const words = el("div", {}, el("b", { text: entry.title, dir: "auto" }), el("small", { text: when }));
  return el("li", { class: "row on" }, date, words);
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** @param {string} text */
function sentence(text) {
  return /[.!?…。]$/.test(text) ? text : `${text}.`;
}
