/** The conversation as the list of things to show, oldest first. Pure: what to show, not how. */

import { gettext } from "./i18n.js";
import { dayOf } from "./times.js";
import { isRunning } from "./turns.js";

/** @import { ConversationEntry, Message, Notice, OutboxEntry, ProblemBody } from "./types.js" */
/** @import { Conversation } from "./conversation.js" */
/** @import { Outbox } from "./outbox.js" */

/**
 * @typedef {"sent" | "unanswered" | "waiting" | "sending" | "refused" | "streaming" | "thinking" | "said"} ItemState
 * @typedef {object} MessageItem
 * @property {"message"} kind
 * @property {string} key
 * @property {"fan" | "persona"} role
 * @property {string} text
 * @property {string} at
 * @property {ItemState} state
 * @property {string[]} notes
 * @property {Message | null} message as stored; null while it has no place with the server
 * @property {boolean} [retracted]
 * @property {"again" | "anew" | null} [retry] what trying again means: under the same id, or as a new message
 * @property {ProblemBody | null} [problem]
 * @property {string} [id] in the outbox
 * @property {boolean} [isHead]
 * @property {boolean} [isTail]
 * @property {boolean} [isSpaced] stands apart from the message before it
 * @typedef {{ kind: "day" | "new", key: string, at: string }} DividerItem
 * @typedef {{ kind: "notice", key: string, at: string, notice: Notice }} NoticeItem
 * @typedef {MessageItem | DividerItem | NoticeItem} Item
 */

const GROUP_MS = 5 * 60_000; // the same speaker within this is one group, time on the last
const QUIET = new Set(["degraded", "moderation", "crisis"]); // shown elsewhere, or not at all

/** @typedef {{ fan: unknown, reply: unknown, live: unknown, isSlow: boolean, items: (MessageItem | NoticeItem)[] }} Made */

/** What was made of an entry, while it has not changed: a long thread is gone through with each token.
 * @type {WeakMap<ConversationEntry, Made>} */
const made = new WeakMap();

/**
 * `newFrom`: when the first message was said that the fan has not seen, ms since 1970.
 * @param {Conversation} conversation
 * @param {Pick<Outbox, "entries">} outbox
 * @param {{ slowTurn?: string | null, newFrom?: number | null }} [state]
 * @returns {Item[]}
 */
export function threadItems(conversation, outbox, { slowTurn = null, newFrom = null } = {}) {
  const items = conversation.entries().flatMap((entry) => keptItems(entry, slowTurn));
  items.push(...outbox.entries().map(outgoing));
  return withDividers(withAnotherTry(items), newFrom);
}

/** @param {ConversationEntry} entry @param {string | null} slowTurn */
function keptItems(entry, slowTurn) {
  const { fan, reply, live } = entry;
  const isSlow = live !== null && live.id === slowTurn;
  const known = made.get(entry);
  if (known?.fan === fan && known.reply === reply && known.live === live && known.isSlow === isSlow) return known.items;
  const items = itemsOf(entry, isSlow);
  made.set(entry, { fan, reply, live, isSlow, items });
  return items;
}

/**
 * @param {ConversationEntry} entry
 * @param {boolean} isSlow
 * @returns {(MessageItem | NoticeItem)[]}
 */
function itemsOf(entry, isSlow) {
  const notices = (entry.live?.notices ?? []).filter((notice) => !QUIET.has(notice.kind));
  return [
    ...fanItems(entry),
    ...notices.map((notice, index) => noticeItem(entry, notice, index)),
    ...replyItems(entry, isSlow),
  ];
}

/**
 * @param {ConversationEntry} entry
 * @param {Notice} notice
 * @param {number} index
 * @returns {NoticeItem}
 */
function noticeItem({ key, at }, notice, index) {
  return { kind: "notice", key: `n:${key}:${index}`, at, notice };
}

/** @param {ConversationEntry} entry @returns {MessageItem[]} */
function fanItems({ key, fan, live }) {
  if (!fan) return [];
  const state = fan.status === "failed" ? "unanswered" : "sent";
  return [
    {
      kind: "message",
      key: `f:${live?.clientMessageId ?? key}`,
      role: "fan",
      text: fan.text,
      at: fan.created_at,
      state,
      notes: [],
      message: fan,
    },
  ];
}

/** @param {ConversationEntry} entry @param {boolean} isSlow @returns {MessageItem[]} */
function replyItems({ key, live, reply, at }, isSlow) {
  /** @type {Pick<MessageItem, "kind" | "key" | "role" | "notes" | "message">} */
  const base = { kind: "message", key: `r:${key}`, role: "persona", notes: [], message: null };
  if (live && isRunning(live)) {
    if (live.text) return [{ ...base, text: live.text, at, state: "streaming", retracted: live.retracted }];
    return isSlow ? [{ ...base, text: "", at, state: "thinking" }] : [];
  }
  if (!reply) return [];
  const notes = notesOf(reply);
  return [{ ...base, text: reply.text, at: reply.created_at, state: "said", notes, message: reply }];
}

/** @param {Message} reply */
function notesOf(reply) {
  const notes = [];
  if (reply.status === "cancelled") notes.push(gettext("Stopped"));
  if (reply.status === "failed") notes.push(gettext("Cut off"));
  if (reply.degraded) notes.push(gettext("Short answers for now"));
  if (reply.reported) notes.push(gettext("Reported"));
  return notes;
}

/** Refusals of a message as it stands: it can only be written anew. */
const FINAL = ["validation_error", "idempotency_mismatch"];

/** @param {OutboxEntry} entry @returns {MessageItem} */
function outgoing({ id, text, at, status, problem }) {
  const retry = status === "refused" && !FINAL.includes(problem?.code ?? "") ? "again" : null;
  return {
    kind: "message",
    key: `f:${id}`,
    role: "fan",
    text,
    at,
    state: status,
    notes: [],
    message: null,
    problem,
    retry,
    id,
  };
}

/**
 * Only the last message may be asked anew; an older one has been talked past.
 * @param {(MessageItem | NoticeItem)[]} items
 */
function withAnotherTry(items) {
  const last = items.findLastIndex((item) => item.kind === "message" && item.role === "fan");
  const item = items[last];
  if (item?.kind === "message" && item.state === "unanswered") items[last] = { ...item, retry: "anew" };
  return items;
}

/**
 * A day is named before its first message; what is new, before the first of it.
 * @param {(MessageItem | NoticeItem)[]} items
 * @param {number | null} newFrom
 * @returns {Item[]}
 */
function withDividers(items, newFrom) {
  /** @type {Item[]} */
  const all = [];
  let day = null;
  let isToldNew = newFrom === null;
  for (const item of items) {
    const itsDay = dayOf(item.at);
    if (itsDay !== null && itsDay !== day) all.push({ kind: "day", key: `d:${itsDay}`, at: item.at });
    day = itsDay ?? day;
    if (!isToldNew && isNew(item, newFrom)) {
      all.push({ kind: "new", key: "new", at: item.at });
      isToldNew = true;
    }
    all.push(item);
  }
  return all;
}

/** @param {MessageItem | NoticeItem} item @param {number | null} newFrom */
function isNew(item, newFrom) {
  const isReply = item.kind === "message" && item.role === "persona";
  return isReply && newFrom !== null && Date.parse(item.at) >= newFrom;
}

/**
 * The item at a place, with what its neighbours make of it: the head or tail of its group.
 * @param {Item[]} items
 * @param {number} index
 * @returns {Item}
 */
export function placedItem(items, index) {
  const item = items[index];
  if (item.kind !== "message") return item;
  const isHead = !continues(items[index - 1], item);
  const isTail = !continues(item, items[index + 1]);
  return { ...item, isHead, isTail, isSpaced: isHead && items[index - 1]?.kind === "message" };
}

/** @param {Item | undefined} one @param {Item | undefined} next */
function continues(one, next) {
  if (one?.kind !== "message" || next?.kind !== "message" || one.role !== next.role) return false;
  return dayOf(one.at) === dayOf(next.at) && Math.abs(Date.parse(next.at) - Date.parse(one.at)) < GROUP_MS;
}
