import assert from "node:assert/strict";
import { test } from "node:test";
import { Unread } from "../../static/fan/js/unread.js";
import { fanMessage, memory, reply } from "./events.mjs";

const at = (minute) => reply("hm", { created_at: `2026-11-24T10:0${minute}:00Z` });
const ms = (minute) => Date.parse(`2026-11-24T10:0${minute}:00Z`);

/** A device on which the fan has read up to minute 1. */
function readDevice() {
  const storage = memory();
  const unread = new Unread(storage, "k");
  unread.meet([at(1)]);
  unread.reading(true);
  return storage;
}

test("on a new device nothing is new", () => {
  const unread = new Unread(memory(), "k");
  unread.meet([at(1), fanMessage("hi")]);
  assert.deepEqual(unread.get(), { from: null, count: 0 });
});

test("what came since the last visit is new, also when the fan looks at once", () => {
  const unread = new Unread(readDevice(), "k");
  unread.reading(true);
  unread.meet([at(3), at(2), at(1)]);
  assert.deepEqual(unread.get(), { from: ms(2), count: 0 });
  unread.answered();
  assert.equal(unread.get().from, null);
});

test("what comes while the fan looks is read as it comes", () => {
  const storage = readDevice();
  const unread = new Unread(storage, "k");
  unread.meet([at(1)]);
  unread.reading(true);
  unread.meet([at(2)]);
  assert.deepEqual(unread.get(), { from: null, count: 0 });
  const next = new Unread(storage, "k");
  next.meet([at(2), at(1)]);
  assert.deepEqual(next.get(), { from: null, count: 0 });
});

test("what comes while the fan is elsewhere counts until it is seen, and once", () => {
  const unread = new Unread(readDevice(), "k");
  unread.meet([at(1)]);
  unread.reading(false);
  unread.meet([at(2)]);
  unread.meet([at(2)]);
  unread.meet([at(3)]);
  assert.deepEqual(unread.get(), { from: ms(2), count: 2 });
  unread.reading(true);
  assert.deepEqual(unread.get(), { from: ms(2), count: 0 });
});

test("the fan's own messages are never new", () => {
  const unread = new Unread(readDevice(), "k");
  unread.meet([fanMessage("hi", { created_at: "2026-11-24T10:09:00Z" })]);
  assert.equal(unread.get().count, 0);
});
