import assert from "node:assert/strict";
import { test } from "node:test";
import { foldEvent, isRunning, newTurn } from "../../static/fan/js/turns.js";
import { completed, started, token } from "./events.mjs";

function foldAll(events) {
  const outcomes = [];
  let turn = newTurn("t1");
  for (const event of events) {
    const folded = foldEvent(turn, event);
    outcomes.push(folded.outcome);
    turn = folded.turn;
  }
  return { turn, outcomes };
}

test("tokens in order make the text, to the letter", () => {
  const { turn } = foldAll([started(1), token(2, "Some"), token(3, "thing "), token(4, "👩‍👩‍👧")]);
  assert.equal(turn.text, "Something 👩‍👩‍👧");
  assert.equal(turn.clientMessageId, "c1");
  assert.ok(isRunning(turn));
});

test("an event that comes twice is shown once", () => {
  const { turn, outcomes } = foldAll([started(1), token(2, "a"), token(2, "a"), started(1), token(3, "b")]);
  assert.equal(turn.text, "ab");
  assert.deepEqual(outcomes, ["applied", "applied", "duplicate", "duplicate", "applied"]);
});

test("an event behind a hole is not taken, so that the rest can be asked for", () => {
  const { turn, outcomes } = foldAll([started(1), token(2, "a"), token(4, "c")]);
  assert.equal(turn.text, "a");
  assert.equal(turn.seq, 2);
  assert.equal(outcomes.at(-1), "hole");
});

test("an ending behind a hole is taken with its message", () => {
  const { turn, outcomes } = foldAll([started(1), token(2, "a"), completed(9, "a whole answer")]);
  assert.equal(outcomes.at(-1), "taken");
  assert.equal(turn.text, "a whole answer");
  assert.equal(turn.phase, "completed");
});

test("what was retracted is gone, and tokens go on after what stands instead", () => {
  const retracted = { type: "turn.retracted", turn: "t1", seq: 3, text: "Let us not. " };
  const { turn } = foldAll([started(1), token(2, "bad"), retracted, token(4, "Tea?")]);
  assert.equal(turn.text, "Let us not. Tea?");
  assert.ok(turn.retracted);
});

test("a crisis ends with a notice and without a message", () => {
  const notice = {
    type: "turn.notice",
    turn: "t1",
    seq: 2,
    kind: "crisis",
    text: "help",
    actions: [{ label: "Call", href: "tel:1" }],
  };
  const ending = { type: "turn.completed", turn: "t1", seq: 3, message: null, usage: {} };
  const { turn } = foldAll([started(1), notice, ending]);
  assert.equal(turn.reply, null);
  assert.equal(turn.text, "");
  assert.deepEqual(turn.notices, [
    { kind: "crisis", title: "", text: "help", actions: [{ label: "Call", href: "tel:1" }] },
  ]);
});

test("a failed turn marks the fan's message and keeps what was shown", () => {
  const shown = {
    id: "m2",
    turn: "t1",
    role: "persona",
    text: "Some",
    status: "failed",
    created_at: "2026-11-24T10:00:01Z",
  };
  const failed = { type: "turn.failed", turn: "t1", seq: 3, error: { code: "unavailable" }, message: shown };
  const { turn } = foldAll([started(1), token(2, "Some"), failed]);
  assert.equal(turn.fanMessage.status, "failed");
  assert.equal(turn.reply.text, "Some");
  assert.equal(turn.error.code, "unavailable");
});

test("nothing changes a turn after its end", () => {
  const cancelled = { type: "turn.cancelled", turn: "t1", seq: 3, message: null };
  const { turn, outcomes } = foldAll([started(1), token(2, "a"), cancelled, token(4, "b"), completed(5, "b")]);
  assert.equal(turn.phase, "cancelled");
  assert.equal(turn.text, "");
  assert.deepEqual(outcomes.slice(3), ["duplicate", "duplicate"]);
});

test("an event type of a later release is counted and ignored", () => {
  const { turn, outcomes } = foldAll([started(1), { type: "turn.sparkle", turn: "t1", seq: 2 }, token(3, "a")]);
  assert.equal(turn.text, "a");
  assert.deepEqual(outcomes, ["applied", "applied", "applied"]);
});

test("any cut and replay of a stream gives the same turn", () => {
  const whole = [started(1), token(2, "a"), token(3, "b"), token(4, "c"), completed(5, "abc")];
  const expected = foldAll(whole).turn;
  for (let cut = 0; cut <= whole.length; cut += 1) {
    for (let after = 0; after <= cut; after += 1) {
      assert.deepEqual(foldAll([...whole.slice(0, cut), ...whole.slice(after)]).turn, expected);
    }
  }
});
