/**
 * The artist beside the chat, on a computer.
 * @import { ViewContext } from "./types.js"
 */

import { showFacts } from "./artist_facts.js";

/**
 * @param {Element} node what holds `_artist_facts.html`
 * @param {ViewContext} ctx
 * @returns {{ dispose(): void }}
 */
export function artistColumn(node, ctx) {
  return showFacts(node, ctx);
}
