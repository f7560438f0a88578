/** What a message's text is made of: words and safe links. Pure. */

/** @typedef {{text: string, href?: string}} Piece */

const ADDRESS = /\bhttps?:\/\/[^\s<>"“”]+/gi;
const TRAILING = /[.,;:!?'’…]+$/;
const PAIRS = { ")": "(", "]": "[" };

/**
 * The text as pieces, in order; joined, they are the text, but that a link with a disguised host shows the real one.
 * @param {string} text
 * @returns {Piece[]}
 */
export function piecesOf(text) {
  /** @type {Piece[]} */
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const written = withoutTrail(found[0]);
    const link = linkOf(written);
    if (!link) continue;
    if (found.index > done) pieces.push({ text: text.slice(done, found.index) });
    pieces.push(link);
    done = found.index + written.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}

/**
 * A sentence's own punctuation is not part of the address in it.
 * @param {string} written
 */
function withoutTrail(written) {
  let kept = written.replace(TRAILING, "");
  for (const [close, open] of Object.entries(PAIRS)) {
    if (kept.endsWith(close) && !kept.includes(open)) kept = kept.slice(0, -1).replace(TRAILING, "");
  }
  return kept;
}

/**
 * Null for what is no address, or carries a name before the host (user@host reads as another host).
 * @param {string} written
 * @returns {Piece | null}
 */
function linkOf(written) {
  if (!URL.canParse(written)) return null;
  const url = new URL(written);
  if (!["http:", "https:"].includes(url.protocol) || url.username || url.password) return null;
  const isPlain = written.toLowerCase().startsWith(`${url.protocol}//${url.host}`);
  return { text: isPlain ? written : url.href, href: url.href };
}

const EMOJI = /^(?:(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2})[\p{Emoji_Modifier}\uFE0F\u200D]*\s*)+$/u;
const MOST_SIGNS = 3;

/**
 * Up to three emoji and nothing else: shown large.
 * @param {string} text
 */
export function isLoneEmoji(text) {
  if (text.length > 60 || !EMOJI.test(text)) return false;
  const signs = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)];
  return signs.filter(({ segment }) => segment.trim()).length <= MOST_SIGNS;
}
