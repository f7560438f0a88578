/** Forgetting: six seconds to undo, none once the page is left, and no cut network keeps a memory alive. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SignedOut } from "../../static/fan/js/auth.js";
import { Forgetting, UNDO_MS } from "../../static/fan/js/forgetting.js";
import { Disconnected, Problem } from "../../static/fan/js/problems.js";

const KEY = "companion.forget.aria";
const settled = () => new Promise((done) => setImmediate(done));

/** What became of each memory, and what the server was asked; `answer` may throw. */
function begin(t, { answer = () => undefined, left = [] } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = new Map(left.length ? [[KEY, JSON.stringify(left)]] : []);
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
  const asked = [];
  const fates = [];
  const forgetting = new Forgetting({
    slug: "aria",
    storage,
    forget: async (id) => {
      asked.push(id);
      return answer(id);
    },
    became: (fate, id) => fates.push(`${id} ${fate}`),
  });
  return { asked, fates, forgetting, kept, wait: (ms) => t.mock.timers.tick(ms) };
}

const refusing = (error) => ({
  answer: () => {
    throw error;
  },
});

test("it is forgotten after six seconds, not before", async (t) => {
  const { asked, fates, forgetting, kept, wait } = begin(t);
  forgetting.begin("a");
  assert.ok(forgetting.has("a"));
  wait(UNDO_MS - 1);
  assert.deepEqual(asked, []);
  wait(1);
  await settled();
  assert.deepEqual(asked, ["a"]);
  assert.deepEqual(fates, ["a waiting", "a gone"]);
  assert.equal(kept.size, 0);
});

test("undone in time, nothing is asked of the server", async (t) => {
  const { asked, fates, forgetting, wait } = begin(t);
  forgetting.begin("a");
  forgetting.undo();
  wait(2 * UNDO_MS);
  await settled();
  assert.deepEqual(asked, []);
  assert.deepEqual(fates, ["a waiting", "a undone"]);
  assert.ok(!forgetting.has("a"));
});

test("leaving the page forgets at once, and only once", async (t) => {
  const { asked, forgetting, wait } = begin(t);
  forgetting.begin("a");
  await forgetting.finish();
  wait(UNDO_MS);
  await forgetting.finish();
  assert.deepEqual(asked, ["a"]);
});

test("the next one sends the one before; only the last can be undone", async (t) => {
  const { asked, fates, forgetting, wait } = begin(t);
  forgetting.begin("a");
  forgetting.begin("b");
  await settled();
  assert.deepEqual(asked, ["a"]);
  forgetting.undo();
  wait(UNDO_MS);
  await settled();
  assert.deepEqual(asked, ["a"]);
  assert.deepEqual(fates.filter((fate) => fate.startsWith("b")), ["b waiting", "b undone"]);
});

for (const [name, error] of [
  ["a cut network", new Disconnected()],
  ["a server that is away", new Problem(503, { code: "unavailable" })],
  ["a login that ended", new SignedOut()],
]) {
  test(`${name} only puts it off`, async (t) => {
    const { fates, forgetting, kept } = begin(t, refusing(error));
    forgetting.begin("a");
    await forgetting.finish();
    assert.deepEqual(fates, ["a waiting", "a later"]);
    assert.ok(forgetting.has("a"), "it does not come back into the list");
    assert.deepEqual(JSON.parse(kept.get(KEY)), ["a"]);
  });
}

test("what was put off is told on the next visit, but not what may still be undone", async (t) => {
  const { asked, forgetting, kept } = begin(t, { left: ["a", "b"] });
  forgetting.begin("c");
  await forgetting.resend();
  assert.deepEqual(asked, ["a", "b"]);
  assert.deepEqual(JSON.parse(kept.get(KEY)), ["c"]);
});

test("what is gone already is forgotten", async (t) => {
  const { fates, forgetting } = begin(t, refusing(new Problem(404, { code: "not_found" })));
  forgetting.begin("a");
  await forgetting.finish();
  assert.deepEqual(fates, ["a waiting", "a gone"]);
});

test("a firm no brings it back", async (t) => {
  const { fates, forgetting, kept } = begin(t, refusing(new Problem(403, { code: "forbidden" })));
  forgetting.begin("a");
  await forgetting.finish();
  assert.deepEqual(fates, ["a waiting", "a refused"]);
  assert.equal(kept.size, 0);
});
