/** One bubble, and the line under it. The same element is kept while its message changes. */

import { el, icon } from "./dom.js";
import { gettext } from "./i18n.js";
import { isLoneEmoji, piecesOf } from "./message_text.js";
import { refusalText } from "./texts.js";
import { clock, dayWords } from "./times.js";

/** @import { Message } from "./types.js" */
/** @import { MessageItem } from "./thread.js" */

/**
 * @typedef {object} MessageActs
 * @property {string} name
 * @property {(item: MessageItem) => void} retry
 * @property {(item: MessageItem) => void} discard
 * @property {(message: Message) => void} explain
 */

const ON_THE_WAY = ["sending", "streaming", "thinking"];

export class MessageView {
  #bubble = el("p", { class: "bubble", dir: "auto" });
  #foot = el("div", { class: "foot" });
  #caret = el("span", { class: "caret", "aria-hidden": "true" });
  #acts;
  /** @type {MessageItem | null} */
  #shown = null;

  /** @param {MessageActs} acts */
  constructor(acts) {
    this.#acts = acts;
    const row = el("div", { class: "bubble-row" }, this.#bubble, moreButton());
    this.node = el("article", { tabindex: "-1" }, row, this.#foot);
  }

  /** What it shows now. */
  get item() {
    return this.#shown;
  }

  /** @param {MessageItem} item */
  update(item) {
    const before = this.#shown;
    if (before && isSame(item, before)) return;
    this.#shown = item;
    const isLarge = item.state !== "streaming" && isLoneEmoji(item.text);
    const { role, state, isHead, isTail, isSpaced } = item;
    const marks = [isHead && "head", isTail && "tail", isSpaced && "spaced", isLarge && "large"];
    this.node.className = ["msg", role, state, ...marks, !before && isFresh(item) && "arrives"].filter(Boolean).join(" ");
    this.node.setAttribute("aria-label", this.#label(item));
    this.node.toggleAttribute("aria-busy", state === "streaming");
    this.#write(item, before);
    this.#foot.replaceChildren(...this.#under(item).filter((part) => part !== null));
  }

  /** @param {MessageItem} item @param {MessageItem | null} before */
  #write(item, before) {
    if (item.state === "thinking") return this.#bubble.replaceChildren(gettext("Still thinking"));
    if (item.retracted && before && !before.retracted) this.#crossFade();
    const caret = item.state === "streaming" ? [this.#caret] : [];
    return this.#bubble.replaceChildren(...piecesOf(item.text).map(written), ...caret);
  }

  /** What was shown is taken back: the new words fade in over the old, without a flash. */
  #crossFade() {
    this.#bubble.classList.remove("fades");
    void this.#bubble.offsetWidth; // starts the animation anew
    this.#bubble.classList.add("fades");
  }

  /** @param {MessageItem} item */
  #label(item) {
    const { name } = this.#acts;
    const who = item.role === "fan" ? gettext("You") : gettext("{name}, AI persona", { name });
    return gettext("{who}, {when}", { who, when: stateWord(item) });
  }

  /** @param {MessageItem} item */
  #under(item) {
    if (item.retry || item.state === "refused") return [this.#waysOn(item)];
    if (item.state === "waiting") return [meta(icon("clock"), words(gettext("Waiting for a connection")))];
    if (item.state === "unanswered") return [meta(icon("alert"), words(gettext("No answer")))];
    if (ON_THE_WAY.includes(item.state)) return [];
    const marks = [...item.notes.map(words), thumb(item), this.#remembered(item)].filter((part) => part !== null);
    if (!item.isTail && marks.length === 0) return [];
    return [meta(el("time", { datetime: item.at, text: clock(item.at) }), ...marks)];
  }

  /** The way to why it said that. @param {MessageItem} item */
  #remembered({ message }) {
    if (!message?.remembered_from) return null;
    const text = gettext("Remembered from {day}", { day: dayWords(message.remembered_from) });
    const explain = () => this.#acts.explain(message);
    return el("button", { type: "button", class: "recalled", onclick: explain }, icon("voice"), text);
  }

  /** @param {MessageItem} item */
  #waysOn(item) {
    const isRefused = item.state === "refused";
    const why = isRefused ? refusalText(item.problem) : gettext("No answer");
    const said = el("span", { class: "why" }, icon("alert"), words(why));
    const again = item.retry ? press(gettext("Try again"), () => this.#acts.retry(item)) : null;
    const drop = isRefused ? press(gettext("Delete"), () => this.#acts.discard(item)) : null;
    return el("div", { class: "retry" }, said, el("span", { class: "ways-on" }, again, drop));
  }
}

/** @param {MessageItem} item */
function stateWord(item) {
  if (item.state === "streaming" || item.state === "thinking") return gettext("replying");
  if (item.state === "waiting") return gettext("waiting to send");
  if (item.state === "sending") return gettext("sending");
  return item.state === "refused" ? gettext("not sent") : clock(item.at);
}

/** It comes while the fan looks on, and is not of the history. @param {MessageItem} item */
function isFresh(item) {
  return item.state !== "said" && item.state !== "sent";
}

/** @param {{ text: string, href?: string }} piece */
function written({ text, href }) {
  if (!href) return text;
  return el("a", { href, text, target: "_blank", rel: "noopener noreferrer nofollow ugc", title: new URL(href).host });
}

/** Opens the message's menu (message_menu.js); for who has no finger to press long with. */
function moreButton() {
  const label = gettext("More about this message");
  const marks = { type: "button", class: "more", tabindex: "-1", "aria-haspopup": "menu", "aria-label": label };
  return el("button", marks, icon("more", "i-m"));
}

/** @param {MessageItem} item */
function thumb({ message }) {
  if (!message?.feedback) return null;
  const isUp = message.feedback === "up";
  const label = isUp ? gettext("You liked this") : gettext("You did not like this");
  return el("span", { class: "thumb", role: "img", "aria-label": label, title: label }, icon(isUp ? "good" : "bad"));
}

/** @param {...Node} parts */
function meta(...parts) {
  return el("p", { class: "meta" }, ...parts);
}

/** @param {string} text */
function words(text) {
  return el("span", { text });
}

/** @param {string} text @param {() => void} run */
function press(text, run) {
  return el("button", { type: "button", class: "again", text, onclick: run });
}

/** @type {(keyof MessageItem)[]} */
const SEEN = ["text", "at", "state", "isHead", "isTail", "isSpaced", "retry", "retracted", "problem", "message"];

/** @param {MessageItem} one @param {MessageItem} other */
function isSame(one, other) {
  return SEEN.every((field) => one[field] === other[field]) && String(one.notes) === String(other.notes);
}
