/** The stored messages, page by page: the newest first, earlier ones as the fan scrolls up to them. */

import { tried } from "./tried.js";

/** @import { ChatState, MessagePage } from "./types.js" */
/** @typedef {ChatState["history"]} History */

export class HistoryPages {
  #ports;
  /** @type {Promise<void> | null} */
  #earlier = null;

  /**
   * @param {{
   *   read: (cursor: string | null) => Promise<MessagePage>,
   *   take: (page: MessagePage, isNewest: boolean) => void, knows: (id: string) => boolean,
   *   get: () => History, set: (history: History) => void,
   *   onStopped: (why: string) => void,
   * }} ports
   */
  constructor(ports) {
    this.#ports = ports;
  }

  /** The newest page. How far back has been read stays as it is, unless much was said meanwhile: then a gap is read on. */
  async newest() {
    const { get, set, take, knows } = this.#ports;
    if (get().status === "failed") set({ ...get(), status: "loading" });
    const page = await this.#page(null);
    const isFirst = get().status !== "ready";
    if (!page) return set({ ...get(), status: isFirst ? "failed" : "ready" });
    const oldest = page.items.at(-1);
    const joins = !isFirst && (!oldest || knows(oldest.id));
    take(page, true);
    return set({ ...get(), status: "ready", cursor: joins ? get().cursor : page.next_cursor });
  }

  /** The page before the first; one at a time, however often it is asked for. */
  earlier() {
    this.#earlier ??= this.#loadEarlier().finally(() => {
      this.#earlier = null;
    });
    return this.#earlier;
  }

  async #loadEarlier() {
    const { get, set, take } = this.#ports;
    if (get().status !== "ready" || !get().cursor) return;
    set({ ...get(), earlier: true, stuck: false });
    const page = await this.#page(get().cursor);
    if (!page) return set({ ...get(), earlier: false, stuck: true });
    take(page, false);
    return set({ ...get(), earlier: false, cursor: page.next_cursor });
  }

  /** @param {string | null} cursor */
  #page(cursor) {
    return tried(() => this.#ports.read(cursor), this.#ports.onStopped);
  }
}
