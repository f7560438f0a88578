/**
 * The artist's page: portrait, mood, ways to talk, what is on.
 * @import { View, ViewContext } from "./types.js"
 */

import { showFacts } from "./artist_facts.js";
import { show } from "./dom.js";
import { gettext } from "./i18n.js";

/**
 * @param {ViewContext} ctx
 * @returns {View}
 */
export function artistView(ctx) {
  const root = show("artist", ctx.artist);
  const facts = showFacts(root, ctx);
  const name = ctx.artist.name;
  return { title: gettext("{name}, AI persona", { name }), dispose: () => facts.dispose() };
}
