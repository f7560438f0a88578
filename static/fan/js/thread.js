/** The conversation as the list of things to show, oldest first. Pure: what to show, not how. */

import { isRunning } from "./turns.js";
import { clock, dayOf, minutesBetween } from "./times.js";

const GROUP_MINUTES = 5; // the same speaker within this is one group, time on the last
const QUIET = new Set(["degraded", "moderation", "crisis"]); // shown elsewhere, or not at all

/** Items: {kind: day | message | notice, key, …}. `retry` says what trying again means: again (same id) or anew. */
export function threadItems(conversation, outbox, { slowTurn = null } = {}) {
  const entries = conversation.entries();
  const shown = entries.flatMap((entry) => itemsOf(entry, slowTurn));
  const waiting = outbox.entries().map(outgoing);
  const items = [...shown, ...waiting];
  offerAnotherTry(items);
  return withDays(grouped(items));
}

function itemsOf(entry, slowTurn) {
  const { live, fan } = entry;
  const notices = (live?.notices ?? []).filter((notice) => !QUIET.has(notice.kind));
  return [
    ...(fan ? [fanItem(entry)] : []),
    ...notices.map((notice, index) => ({ kind: "notice", key: `n:${entry.key}:${index}`, at: entry.at, notice })),
    ...replyItems(entry, slowTurn),
  ];
}

function fanItem({ key, fan, live }) {
  const failed = fan.status === "failed";
  const state = failed ? "unanswered" : "sent";
  return {
    kind: "message",
    key: `f:${live?.clientMessageId ?? key}`,
    role: "fan",
    text: fan.text,
    at: fan.created_at,
    state,
  };
}

function replyItems({ key, live, reply, at }, slowTurn) {
  const base = { kind: "message", key: `r:${key}`, role: "persona", notes: [] };
  if (live && isRunning(live)) {
    if (live.text) return [{ ...base, text: live.text, at, state: "streaming", retracted: live.retracted }];
    return slowTurn === live.id ? [{ ...base, text: "", at, state: "thinking" }] : [];
  }
  if (!reply) return [];
  return [{ ...base, text: reply.text, at: reply.created_at, state: "said", notes: notesOf(reply) }];
}

function notesOf(reply) {
  const notes = [];
  if (reply.status === "cancelled") notes.push("Stopped");
  if (reply.status === "failed") notes.push("Cut off");
  if (reply.degraded) notes.push("Short answers for now");
  return notes;
}

const OUTGOING = { waiting: "waiting", sending: "sending", refused: "refused" };

function outgoing(entry) {
  const state = OUTGOING[entry.status];
  const retry = entry.status === "refused" ? "again" : null;
  const { id, text, at, problem } = entry;
  return { kind: "message", key: `f:${id}`, role: "fan", text, at, state, problem, retry, id };
}

/** Only the last message may be asked anew; an older one has been talked past. */
function offerAnotherTry(items) {
  const last = items.findLast((item) => item.kind === "message" && item.role === "fan");
  if (last?.state === "unanswered") last.retry = "anew";
}

function grouped(items) {
  return items.map((item, index) => {
    if (item.kind !== "message") return item;
    const isTail = !continues(item, items[index + 1]);
    const isHead = !continues(items[index - 1], item);
    return { ...item, isHead, isTail, time: item.state === "streaming" ? "" : clock(item.at) };
  });
}

function continues(one, next) {
  if (one?.kind !== "message" || next?.kind !== "message" || one.role !== next.role) return false;
  return dayOf(one.at) === dayOf(next.at) && minutesBetween(one.at, next.at) < GROUP_MINUTES;
}

function withDays(items) {
  let day = null;
  return items.flatMap((item) => {
    const itsDay = dayOf(item.at);
    if (itsDay === null || itsDay === day) return [item];
    day = itsDay;
    return [{ kind: "day", key: `d:${itsDay}`, at: item.at }, item];
  });
}
