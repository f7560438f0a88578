import assert from "node:assert/strict";
import { test } from "node:test";
import { START } from "../../static/fan/js/chat_state.js";
import { HistoryPages } from "../../static/fan/js/history_pages.js";
import { Disconnected } from "../../static/fan/js/problems.js";

/** Pages that the test answers: `answers` are taken in turn, an error is thrown. */
function pagesOf(answers) {
  let history = START.history;
  const asked = [];
  const taken = [];
  const pages = new HistoryPages({
    read: async (cursor) => {
      asked.push(cursor);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    take: (page, isNewest) => taken.push([page.items.map(({ id }) => id), isNewest]),
    knows: (id) => taken.some(([ids]) => ids.includes(id)),
    get: () => history,
    set: (next) => (history = next),
    onStopped: () => assert.fail("nobody logged out"),
  });
  return { pages, asked, taken, history: () => history };
}

const page = (ids, next = null) => ({ items: ids.map((id) => ({ id })), next_cursor: next });

test("earlier pages follow the cursor, one at a time however often they are asked for", async () => {
  const { pages, asked, history } = pagesOf([page(["c"], "c"), page(["b"], "b"), page(["a"])]);
  await pages.newest();
  await Promise.all([pages.earlier(), pages.earlier()]);
  await pages.earlier();
  await pages.earlier();
  assert.deepEqual(asked, [null, "c", "b"]);
  assert.equal(history().cursor, null);
});

test("an earlier page that does not come is said, and can be asked for again", async () => {
  const { pages, history } = pagesOf([page(["c"], "c"), new Disconnected("away"), page(["b"])]);
  await pages.newest();
  await pages.earlier();
  assert.deepEqual([history().stuck, history().earlier, history().cursor], [true, false, "c"]);
  await pages.earlier();
  assert.deepEqual([history().stuck, history().cursor], [false, null]);
});

test("the newest page once more does not move how far back has been read", async () => {
  const { pages, history } = pagesOf([page(["c"], "c"), page(["b"], "b"), page(["d", "c"], "c")]);
  await pages.newest();
  await pages.earlier();
  await pages.newest();
  assert.equal(history().cursor, "b");
});

test("what was said meanwhile on another device leaves no gap", async () => {
  const { pages, asked, taken } = pagesOf([page(["b"], "b"), page(["a"]), page(["f", "e"], "e"), page(["d", "c", "b"], "b")]);
  await pages.newest();
  await pages.earlier();
  await pages.newest();
  await pages.earlier();
  assert.deepEqual(asked, [null, "b", null, "e"]);
  assert.deepEqual(taken.at(-1), [["d", "c", "b"], false]);
});

test("a first page that does not come is a failure until it does", async () => {
  const { pages, history, taken } = pagesOf([new Disconnected("away"), page(["c"])]);
  await pages.newest();
  assert.equal(history().status, "failed");
  await pages.newest();
  assert.equal(history().status, "ready");
  assert.deepEqual(taken, [[["c"], true]]);
});
