/** Cards of the house under the thread: help in a crisis, and disclosures that fell due. */

import { part } from "./dom.js";
import { crisisCard, houseCard } from "./house_cards.js";
import { gettext } from "./i18n.js";

/** @import { Disclosure, Notice, ViewContext } from "./types.js" */

export class Cards {
  #root;
  #ctx;
  #back;

  /**
   * @param {HTMLElement} root
   * @param {Pick<ViewContext, "artist" | "session">} ctx
   * @param {() => void} back where the focus goes when a card is done with
   */
  constructor(root, ctx, back) {
    this.#root = root;
    this.#ctx = ctx;
    this.#back = back;
  }

  /** @param {Notice | null} help */
  help(help) {
    const place = part(this.#root, "[data-help]");
    if (!help) return place.replaceChildren();
    const card = crisisCard(help, this.#ctx.artist.name, () => this.#answer());
    place.replaceChildren(card);
    card.scrollIntoView({ block: "nearest" });
    return part(card, "h2").focus();
  }

  /** @param {Disclosure[] | null} items */
  required(items) {
    const place = part(this.#root, "[data-due]");
    const ids = (items ?? []).map(({ id }) => id);
    const gotIt = { label: gettext("Got it"), run: () => this.#acknowledge(ids) };
    place.replaceChildren(...(items ?? []).map((item) => houseCard(item, [gotIt])));
    place.querySelector("button")?.focus();
  }

  #answer() {
    this.#ctx.session.answerHelp();
    this.#back();
  }

  /** @param {string[]} ids */
  async #acknowledge(ids) {
    await this.#ctx.session.acknowledge(ids);
    this.#back();
  }
}
