import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesFor } from "../../static/fan/js/message_menu.js";
import { reply } from "./events.mjs";

const labels = (item) => entriesFor(item, {}).map(({ label }) => label);
const fan = (state, more = {}) => ({ role: "fan", state, text: "hi", message: null, ...more });
const persona = (message, state = "said") => ({ role: "persona", state, text: "hi", message });

test("each message offers what can be done with it, and nothing else", () => {
  assert.deepEqual(labels(fan("sent")), ["Copy"]);
  assert.deepEqual(labels(fan("waiting")), ["Copy", "Delete"]);
  assert.deepEqual(labels(fan("refused", { retry: "again" })), ["Copy", "Try again", "Delete"]);
  assert.deepEqual(labels(fan("refused", { retry: null })), ["Copy", "Delete"]);
  assert.deepEqual(labels(fan("unanswered", { retry: "anew" })), ["Copy", "Try again"]);
  assert.deepEqual(labels(persona(null, "streaming")), ["Copy", "Stop this reply"]);
  assert.deepEqual(labels(persona(reply("hi"))), ["Copy", "Why this reply?", "Good reply", "Bad reply", "Report"]);
});

test("the thumb that was given is checked, and what was reported cannot be again", () => {
  const entries = entriesFor(persona(reply("hi", { feedback: "down", reported: true })), {});
  assert.deepEqual(
    entries.map(({ label, isChecked }) => [label, isChecked]),
    [
      ["Copy", undefined],
      ["Why this reply?", undefined],
      ["Good reply", false],
      ["Bad reply", true],
    ],
  );
});
