/** A field that is saved as it is changed: nothing that was chosen is lost, and one save runs at a time. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FieldSaver } from "../../static/fan/js/field_saver.js";

/** A saver whose saves are answered by hand. */
function field(value = "Robin") {
  const asked = [];
  const seen = [];
  const save = (chosen) => new Promise((answer, refuse) => asked.push({ chosen, answer, refuse }));
  const saver = new FieldSaver({ value, save, changed: ({ status }) => seen.push(status) });
  return { saver, asked, seen };
}

const settled = () => new Promise((done) => setImmediate(done));

test("a change stands at once, is saved, and takes what the server made of it", async () => {
  const { saver, asked, seen } = field();
  saver.edit("kim");
  const saved = saver.commit();
  assert.deepEqual(saver.state, { status: "saving", value: "kim", error: null });
  asked[0].answer("Kim");
  await saved;
  assert.deepEqual(saver.state, { status: "saved", value: "Kim", error: null });
  assert.deepEqual(seen, ["dirty", "saving", "saved"]);
});

test("what is as it was is not sent", async () => {
  const { saver, asked } = field();
  await saver.commit();
  saver.edit("Kim");
  saver.edit("Robin");
  await saver.commit();
  assert.equal(saver.state.status, "clean");
  assert.deepEqual(asked, []);
});

test("a failed save keeps the value and is tried again", async () => {
  const { saver, asked } = field();
  saver.edit("Kim");
  const failed = saver.commit();
  const away = new Error("away");
  asked[0].refuse(away);
  await failed;
  assert.deepEqual(saver.state, { status: "failed", value: "Kim", error: away });
  const saved = saver.commit();
  asked[1].answer("Kim");
  await saved;
  assert.equal(asked[1].chosen, "Kim");
  assert.equal(saver.state.status, "saved");
});

test("what is changed while a save is under way goes out after it, never beside it", async () => {
  const { saver, asked } = field();
  saver.edit("Kim");
  const all = saver.commit();
  saver.edit("Kimberly");
  await saver.commit();
  assert.equal(asked.length, 1);
  asked[0].answer("Kim");
  await settled();
  assert.deepEqual(asked.map(({ chosen }) => chosen), ["Kim", "Kimberly"]);
  asked[1].answer("Kimberly");
  await all;
  assert.deepEqual(saver.state, { status: "saved", value: "Kimberly", error: null });
});

test("going back to the old value while a save is under way is sent too", async () => {
  const { saver, asked } = field();
  saver.edit("Kim");
  const all = saver.commit();
  saver.edit("Robin");
  asked[0].answer("Kim");
  await settled();
  assert.equal(asked[1].chosen, "Robin");
  asked[1].answer("Robin");
  await all;
  assert.equal(saver.state.value, "Robin");
});

test("another tab's value is taken over, but not over what waits here", () => {
  const calm = field();
  calm.saver.reset("Kim");
  assert.deepEqual(calm.saver.state, { status: "clean", value: "Kim", error: null });
  const busy = field();
  busy.saver.edit("Robyn");
  busy.saver.reset("Kim");
  assert.equal(busy.saver.state.value, "Robyn");
  busy.saver.edit("Kim");
  assert.equal(busy.saver.state.status, "clean");
});
