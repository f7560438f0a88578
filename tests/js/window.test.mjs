import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, guess, partOf, sum } from "../../static/fan/js/window.js";

const TEN = Array.from({ length: 100 }, () => 10); // a hundred items of 10 px

test("at the end the last items stand in the page, and the rest is one space above", () => {
  assert.deepEqual(partOf(TEN, -50, 200), { start: 80, end: 100, above: 800, below: 0 });
});

test("in the middle what is left out on both sides is counted to the pixel", () => {
  const part = partOf(TEN, 305, 395);
  assert.deepEqual(part, { start: 60, end: 70, above: 600, below: 300 });
  assert.equal(part.above + part.below + sum(TEN, part.start, part.end), 1000);
});

test("past the top the first items stand in the page", () => {
  assert.deepEqual(partOf(TEN, 900, 5000), { start: 0, end: 10, above: 0, below: 900 });
});

test("one item at least stands in the page, and none of none", () => {
  assert.deepEqual(partOf([10, 10], 500, 600), { start: 0, end: 1, above: 0, below: 10 });
  assert.deepEqual(partOf([], 0, 600), { start: 0, end: 0, above: 0, below: 0 });
});

test("a part covers what lies within it, and at either end all that there is", () => {
  const part = partOf(TEN, 300, 500);
  assert.ok(covers(part, TEN, 320, 480));
  assert.ok(!covers(part, TEN, 280, 480));
  assert.ok(!covers(part, TEN, 320, 520));
  assert.ok(covers(partOf(TEN, -50, 200), TEN, -80, 200));
  assert.ok(covers(partOf(TEN, 900, 5000), TEN, 920, 9000));
});

test("a longer text is guessed taller, and a narrower thread makes it so too", () => {
  const short = guess({ kind: "message", text: "hi" }, 360);
  const long = guess({ kind: "message", text: "hi ".repeat(100) }, 360);
  assert.ok(long > short);
  assert.ok(guess({ kind: "message", text: "hi ".repeat(100) }, 760) < long);
});
