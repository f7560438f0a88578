/** The list of memories: read page by page, shown by kind, kept true to what the fan does. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SignedOut } from "../../static/fan/js/auth.js";
import { MemoryList, WITHHELD } from "../../static/fan/js/memories.js";
import { Disconnected } from "../../static/fan/js/problems.js";

const memory = (id, kind = "fact") => ({ id, kind, text: `Text of ${id}.`, created_at: "", pinned: false, sources: [] });
const ids = (list) => list.items.map(({ id }) => id);

/** A list over pages by their cursor; a page that is an Error is thrown. */
function listOver(pages) {
  const asked = [];
  const read = async (cursor) => {
    asked.push(cursor);
    const page = pages[cursor ?? "first"];
    if (page instanceof Error) throw page;
    return page;
  };
  return { asked, pages, list: new MemoryList({ read, changed: () => undefined }) };
}

test("it is whole once the last page has come", async () => {
  const { list } = listOver({
    first: { items: [memory("c"), memory("b")], next_cursor: "b" },
    b: { items: [memory("a")], next_cursor: null },
  });
  assert.equal(list.reading.status, "loading");
  await list.load();
  assert.ok(!list.isWhole);
  await list.more();
  assert.ok(list.isWhole);
  assert.deepEqual(ids(list), ["c", "b", "a"]);
});

test("the next page is asked for once, however often the end comes into sight", async () => {
  const { list, asked } = listOver({
    first: { items: [memory("b")], next_cursor: "b" },
    b: { items: [memory("a")], next_cursor: null },
  });
  await list.more();
  await list.load();
  await Promise.all([list.more(), list.more()]);
  await list.more();
  assert.deepEqual(asked, [null, "b"]);
});

test("a page that did not come can be asked for again, and nothing is lost", async () => {
  const { list, pages } = listOver({ first: { items: [memory("b")], next_cursor: "b" }, b: new Disconnected() });
  await list.load();
  await list.more();
  assert.equal(list.reading.rest, "failed");
  assert.deepEqual(ids(list), ["b"]);
  pages.b = { items: [memory("a")], next_cursor: null };
  await list.more();
  assert.deepEqual(ids(list), ["b", "a"]);
});

test("without a first page it says so, and tries again", async () => {
  const { list, pages } = listOver({ first: new Disconnected() });
  await list.load();
  assert.equal(list.reading.status, "failed");
  assert.ok(list.reading.error instanceof Disconnected);
  assert.ok(!list.isWhole);
  pages.first = { items: [], next_cursor: null };
  await list.load();
  assert.ok(list.isWhole);
});

test("a login that ended is no trouble of the list", async () => {
  const { list } = listOver({ first: new SignedOut() });
  await assert.rejects(list.load(), SignedOut);
});

test("a kind shows its own alone", async () => {
  const items = [memory("a", "fact"), memory("b", "event")];
  const { list } = listOver({ first: { items, next_cursor: null } });
  await list.load();
  list.choose("event");
  assert.deepEqual(items.filter((one) => list.isShown(one)).map(({ id }) => id), ["b"]);
  list.choose(null);
  assert.deepEqual(items.filter((one) => list.isShown(one)).length, 2);
});

test("what is put right takes its place; what is forgotten goes; after all of it nothing is read on", async () => {
  const { list, asked } = listOver({ first: { items: [memory("b"), memory("a")], next_cursor: "a" } });
  await list.load();
  list.replace({ ...memory("a"), text: "Mine." });
  assert.deepEqual(list.items.map(({ text }) => text), ["Text of b.", "Mine."]);
  list.remove("b");
  assert.deepEqual(ids(list), ["a"]);
  list.clear();
  await list.more();
  assert.deepEqual([ids(list), asked], [[], [null]]);
});

test("with what is put right or forgotten go the words of its messages, wherever else they are quoted", async () => {
  const told = (id, ...messages) => ({ ...memory(id), sources: messages.map((message) => ({ message, quote: message, said_at: "" })) });
  const quotes = (list) => list.items.map(({ sources }) => sources.map(({ quote }) => quote));
  const own = { ...told("own", "one"), corrected_at: "2026-03-12T18:00:00Z" };
  const items = [told("dog", "one"), told("birthday", "one", "two"), told("exam", "three"), own];
  const { list } = listOver({ first: { items, next_cursor: null } });
  await list.load();
  list.replace({ ...told("dog"), text: "Your dog is called Waffle." });
  assert.deepEqual(quotes(list), [[], [WITHHELD, "two"], ["three"], ["one"]]);
  list.remove("birthday");
  assert.deepEqual(quotes(list), [[], ["three"], ["one"]]);
});
