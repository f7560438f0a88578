import assert from "node:assert/strict";
import { test } from "node:test";
import { amplitude, linePath, lineState } from "../../static/fan/js/line.js";

const READY = { connection: { kind: "ready" }, offline: false, help: null, quota: null };

test("the line says who is silent and why", () => {
  assert.equal(lineState(READY, false), "idle");
  assert.equal(lineState(READY, true), "speaking");
  assert.equal(lineState({ ...READY, offline: true }, true), "offline");
  assert.equal(lineState({ ...READY, connection: { kind: "lost" } }, false), "offline");
  assert.equal(lineState({ ...READY, help: { kind: "crisis", text: "" } }, true), "still");
  assert.equal(lineState({ ...READY, quota: {} }, false), "still");
  assert.equal(lineState({ ...READY, connection: { kind: "lost", why: "paused" } }, false), "still");
});

test("a mood always draws the same bump, and another mood another", () => {
  const warm = { label: "warm", line: "" };
  assert.equal(linePath("idle", warm), linePath("idle", { ...warm }));
  assert.notEqual(linePath("idle", warm), linePath("idle", { label: "dreamy", line: "" }));
  assert.equal(linePath("still", warm), linePath("offline"));
});

test("the string swings with the words, never beyond one, and low while none come", () => {
  let amp = 0;
  for (let n = 0; n < 20; n += 1) amp = amplitude(amp, 100);
  assert.equal(amp, 1);
  for (let n = 0; n < 20; n += 1) amp = amplitude(amp, 0);
  assert.equal(amp, 0.25);
});
