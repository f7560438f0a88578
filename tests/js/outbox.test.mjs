import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../static/fan/js/outbox.js";
import { AT, memory } from "./events.mjs";

test("a message written while a reply runs goes out at once and interrupts it", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "wait", AT, false);
  assert.equal(outbox.next(true).id, "c1");
});

test("messages written offline go out one by one, each after the reply before it", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "one", AT, true);
  outbox.add("c2", "two", AT, true);
  assert.equal(outbox.next(false).id, "c1");
  outbox.sending("c1");
  assert.equal(outbox.next(false), null);
  outbox.remove("c1");
  assert.equal(outbox.next(true), null);
  assert.equal(outbox.next(false).id, "c2");
});

test("what is written behind a waiting queue does not overtake it", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "one", AT, true);
  outbox.add("c2", "two", AT, false);
  outbox.sending("c1");
  outbox.remove("c1");
  assert.equal(outbox.next(true), null);
});

test("a cut sends what was under way again under the same id", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "one", AT, false);
  outbox.sending("c1");
  outbox.interrupted();
  assert.equal(outbox.next(false).id, "c1");
});

test("a firm no waits for the fan, and a busy server is asked again", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "one", AT, false);
  outbox.refuse("c1", { code: "rate_limited" });
  outbox.interrupted();
  assert.equal(outbox.next(false), null);
  outbox.retry("c1");
  assert.equal(outbox.next(false).id, "c1");
  outbox.refuse("c1", { code: "unavailable" });
  outbox.interrupted();
  assert.equal(outbox.next(false).id, "c1");
});

test("what a busy server refused goes again before what came after it, and does not interrupt a reply", () => {
  const outbox = new Outbox(memory(), "k");
  outbox.add("c1", "one", AT, false);
  outbox.add("c2", "two", AT, false);
  outbox.refuse("c1", { code: "unavailable" });
  outbox.refuse("c2", { code: "rate_limited" });
  outbox.retryBusy();
  assert.equal(outbox.next(true), null);
  assert.equal(outbox.next(false).id, "c1");
  outbox.remove("c1");
  assert.equal(outbox.next(false), null);
});

test("a reload keeps what has not started yet, and logging out keeps nothing", () => {
  const storage = memory();
  const first = new Outbox(storage, "k");
  first.add("c1", "one", AT, false);
  first.sending("c1");
  const second = new Outbox(storage, "k");
  assert.deepEqual(second.next(false), {
    id: "c1",
    text: "one",
    at: AT,
    status: "waiting",
    queued: true,
    problem: null,
  });
  second.clear();
  assert.equal(storage.getItem("k"), null);
});

test("a spoilt store is an empty outbox", () => {
  assert.deepEqual(new Outbox(memory({ k: "{not json" }), "k").entries(), []);
  assert.deepEqual(new Outbox(memory({ k: '{"a": 1}' }), "k").entries(), []);
});

test("a draft outlives a reload and goes with the log-out", () => {
  const storage = memory();
  new Outbox(storage, "k").keepDraft("half a thought");
  const after = new Outbox(storage, "k");
  assert.equal(after.draft(), "half a thought");
  after.clear();
  assert.equal(new Outbox(storage, "k").draft(), "");
});

test("what another fan left on the device is never sent", () => {
  const storage = memory();
  const outbox = new Outbox(storage, "k");
  outbox.claim("f1");
  outbox.add("c1", "mine", AT, true);
  outbox.claim("f1");
  assert.equal(outbox.next(false).id, "c1");
  const other = new Outbox(storage, "k");
  assert.equal(other.claim("f2"), true);
  assert.equal(other.next(false), null);
  assert.equal(storage.getItem("k"), null);
});
