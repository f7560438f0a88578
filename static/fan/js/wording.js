/** How notes and quotations are written out. Pure. */

import { gettext } from "./i18n.js";

const ENDED = /[.!?…。！？؟।]["'”’»)]*$/u;
const CASED = /\p{Lu}|\p{Ll}/u;

/**
 * A note as a sentence: memory keeps "your dog is called Biscuit". A script without capitals is left as it is.
 * @param {string} note
 */
export function asSentence(note) {
  const text = note.trim();
  if (!CASED.test(text)) return text;
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return first.toLocaleUpperCase() + text.slice(first.length) + (ENDED.test(text) ? "" : ".");
}

/**
 * Words in quotation marks; those that stand in them become inner ones.
 * @param {string} words
 */
export function inQuotes(words) {
  return gettext("“{quote}”", { quote: words.replaceAll("“", "‘").replaceAll("”", "’") });
}
