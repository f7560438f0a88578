import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation } from "../../static/fan/js/conversation.js";
import { Outbox } from "../../static/fan/js/outbox.js";
import { resumeFrames } from "../../static/fan/js/resume.js";
import { placedItem, threadItems } from "../../static/fan/js/thread.js";
import { AT, completed, fanMessage, memory, reply, started, token } from "./events.mjs";

const empty = () => new Outbox(memory(), "k");
const words = (items) => items.filter((item) => item.kind === "message").map((item) => item.text);

test("a page of history, newest first, reads oldest first", () => {
  const talk = new Conversation();
  talk.addMessages([reply("two"), fanMessage("one")]);
  talk.addMessages([
    reply("zero b", { id: "m0b", turn: "t0", created_at: "2026-11-23T10:00:01Z" }),
    fanMessage("zero a", { id: "m0", turn: "t0", created_at: "2026-11-23T10:00:00Z" }),
  ]);
  assert.deepEqual(words(threadItems(talk, empty())), ["zero a", "zero b", "one", "two"]);
});

test("a message that history and the socket both bring stands once", () => {
  const talk = new Conversation();
  talk.addMessages([fanMessage("hello")]);
  talk.apply(started(1));
  talk.apply(token(2, "hi"));
  talk.apply(completed(3, "hi"));
  talk.addMessages([reply("hi"), fanMessage("hello")]);
  assert.deepEqual(words(threadItems(talk, empty())), ["hello", "hi"]);
});

test("an interrupted reply stays above the message that interrupted it", () => {
  const talk = new Conversation();
  const second = fanMessage("wait", { id: "m3", turn: "t2", created_at: "2026-11-24T10:00:01Z" });
  talk.addMessages([
    reply("Some", { status: "cancelled", created_at: "2026-11-24T10:00:01.5Z" }),
    second,
    fanMessage("hello"),
  ]);
  const items = threadItems(talk, empty());
  assert.deepEqual(words(items), ["hello", "Some", "wait"]);
  assert.deepEqual(items[2].notes, ["Stopped"]);
});

test("after a cut the known turn is asked for from its last event", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.apply(token(2, "a"));
  assert.deepEqual(resumeFrames(talk, { turn: "t1", seq: 7 }), [{ type: "turn.resume", turn: "t1", after: 2 }]);
  assert.deepEqual(resumeFrames(talk, undefined), [{ type: "turn.resume", turn: "t1", after: 2 }]);
});

test("after a reload the open turn is played from its start", () => {
  assert.deepEqual(resumeFrames(new Conversation(), { turn: "t9", seq: 4 }), [
    { type: "turn.resume", turn: "t9", after: 0 },
  ]);
});

test("an ended turn is not asked for again", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.apply(completed(2, "hi"));
  assert.deepEqual(resumeFrames(talk, undefined), []);
});

test("events of a turn that ended here before change nothing", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.apply(completed(2, "hi"));
  assert.equal(talk.apply(token(2, "again")), "duplicate");
  assert.deepEqual(words(threadItems(talk, empty())), ["hello", "hi"]);
});

test("a turn that the server cannot tell of leaves its stored message", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.forget("t1");
  assert.deepEqual(talk.running(), []);
  assert.deepEqual(words(threadItems(talk, empty())), ["hello"]);
});

test("a message keeps its place and key from the outbox to its turn", () => {
  const talk = new Conversation();
  const outbox = empty();
  outbox.add("c1", "hello", AT, false);
  const before = threadItems(talk, outbox).at(-1);
  outbox.remove("c1");
  talk.apply(started(1));
  assert.equal(threadItems(talk, outbox).at(-1).key, before.key);
});

test("only the last message may be asked anew after a failure", () => {
  const talk = new Conversation();
  talk.addMessages([fanMessage("one", { status: "failed" })]);
  assert.equal(threadItems(talk, empty()).at(-1).retry, "anew");
  const outbox = empty();
  outbox.add("c2", "two", AT, true);
  assert.equal(threadItems(talk, outbox).find((item) => item.text === "one").retry, undefined);
});

test("what is refused as it stands is not sent again, what is refused for now may be", () => {
  const outbox = empty();
  outbox.add("c1", "too long", AT, false);
  outbox.refuse("c1", { code: "validation_error" });
  outbox.add("c2", "too fast", AT, false);
  outbox.refuse("c2", { code: "rate_limited" });
  const retries = threadItems(new Conversation(), outbox).filter(({ kind }) => kind === "message");
  assert.deepEqual(retries.map(({ retry }) => retry), [null, "again"]);
});

test("a page of history that was read before the failure does not undo it", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.apply({ type: "turn.failed", turn: "t1", seq: 2, message: reply("I wa", { status: "failed" }), error: {} });
  talk.addMessages([fanMessage("hello", { status: "complete" })]);
  const [, asked] = threadItems(talk, empty());
  assert.deepEqual([asked.state, asked.retry], ["unanswered", "anew"]);
});

test("messages of one speaker within five minutes are one group", () => {
  const talk = new Conversation();
  const later = (minutes) => new Date(Date.parse(AT) + minutes * 60_000).toISOString();
  const say = (id, minutes) => fanMessage(id, { id, turn: id, created_at: later(minutes) });
  talk.addMessages([say("a", 0), say("b", 2), say("c", 9)]);
  const items = threadItems(talk, empty());
  const placed = items.map((_, index) => placedItem(items, index)).filter((item) => item.kind === "message");
  assert.deepEqual(
    placed.map((item) => [item.isHead, item.isTail]),
    [
      [true, false],
      [false, true],
      [true, true],
    ],
  );
});

test("a day is named once, before its first message", () => {
  const talk = new Conversation();
  talk.addMessages([
    fanMessage("old", { id: "m0", turn: "t0", created_at: "2026-11-20T10:00:00Z" }),
    fanMessage("new"),
    reply("hi"),
  ]);
  assert.deepEqual(
    threadItems(talk, empty()).map((item) => item.kind),
    ["day", "message", "day", "message", "message"],
  );
});

test("a degraded reply says so quietly, and no notice card stands beside it", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  talk.apply({ type: "turn.notice", turn: "t1", seq: 2, kind: "degraded", text: "short" });
  talk.apply({ ...completed(3, "hm"), message: reply("hm", { degraded: true }) });
  const items = threadItems(talk, empty());
  assert.deepEqual(items.at(-1).notes, ["Short answers for now"]);
  assert.ok(!items.some((item) => item.kind === "notice"));
});

test("a running turn without a word says nothing until it is slow", () => {
  const talk = new Conversation();
  talk.apply(started(1));
  assert.equal(threadItems(talk, empty()).at(-1).role, "fan");
  assert.equal(threadItems(talk, empty(), { slowTurn: "t1" }).at(-1).state, "thinking");
});

test("what the fan has not seen is told once, before the first of it", () => {
  const talk = new Conversation();
  talk.addMessages([
    reply("seen"),
    fanMessage("hello"),
    reply("fresh", { id: "m4", turn: "t2", created_at: "2026-11-24T10:05:00Z" }),
    reply("fresher", { id: "m5", turn: "t3", created_at: "2026-11-24T10:06:00Z" }),
  ]);
  const items = threadItems(talk, empty(), { newFrom: Date.parse("2026-11-24T10:05:00Z") });
  assert.deepEqual(
    items.map((item) => item.text ?? item.kind),
    ["day", "hello", "seen", "new", "fresh", "fresher"],
  );
});

test("an entry that has not changed keeps its items", () => {
  const talk = new Conversation();
  talk.addMessages([fanMessage("hello"), reply("hi")]);
  const [first, second] = [threadItems(talk, empty()), threadItems(talk, empty())];
  assert.ok(first.every((item, index) => item.kind === "day" || item === second[index]));
  talk.judge("m2", { feedback: "up" });
  assert.equal(threadItems(talk, empty()).at(-1).message.feedback, "up");
});

test("the fan's thumb outlives a message that comes again over the socket", () => {
  const talk = new Conversation();
  talk.addMessages([reply("hi", { feedback: "down", reported: true })]);
  talk.addMessages([reply("hi")]);
  assert.deepEqual(
    [talk.entries()[0].reply.feedback, talk.entries()[0].reply.reported],
    ["down", true],
  );
});

test("times of one second in two spellings are in the order of time", () => {
  const talk = new Conversation();
  talk.addMessages([
    fanMessage("second", { id: "m2", turn: "t2", created_at: "2026-11-24T10:00:00.5Z" }),
    fanMessage("first", { id: "m1", turn: "t1", created_at: "2026-11-24T10:00:00Z" }),
  ]);
  assert.deepEqual(words(threadItems(talk, empty())), ["first", "second"]);
});
