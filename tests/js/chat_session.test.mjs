import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatSession, START } from "../../static/fan/js/chat_session.js";
import { createStore } from "../../static/fan/js/store.js";
import { AT, completed, fanMessage, memory, started, token } from "./events.mjs";

const settled = () => new Promise((resolve) => setImmediate(resolve));

class Line {
  readyState = 1;
  sent = [];
  send = (text) => this.sent.push(JSON.parse(text));
  close = () => (this.readyState = 3);
  hears = (...frames) => frames.forEach((frame) => this.onmessage({ data: JSON.stringify(frame) }));
  of = (type) => this.sent.filter((frame) => frame.type === type);
}

function ready(openTurn) {
  return { type: "session.ready", heartbeat_s: 30, open_turn: openTurn };
}

/** A session whose lines the test plays the server on; `use` ends with the session stopped. */
async function withSession(use, { storage = memory(), history = [] } = {}) {
  const lines = [];
  let count = 0;
  const store = createStore(START);
  const session = new ChatSession({
    slug: "aria",
    artist: { name: "Aria" },
    store,
    storage,
    memory: memory(),
    api: {
      ticket: async () => "ticket",
      messages: async () => ({ items: history, next_cursor: null }),
      disclosures: async () => ({
        items: [
          { id: "d1", title: "AI" },
          { id: "d2", title: "Old" },
        ],
      }),
      join: async () => ({ joined: true }),
    },
    connect: () => {
      lines.push(new Line());
      return lines.at(-1);
    },
    newId: () => `c${(count += 1)}`,
    now: () => AT,
    onStopped: () => undefined,
  });
  await session.start();
  try {
    await use({ session, store, lines, storage });
  } finally {
    session.stop();
  }
}

test("a message goes out, its turn takes it over, and the reply is told once", () =>
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    assert.deepEqual(lines[0].of("message.send"), [{ type: "message.send", client_message_id: "c1", text: "hello" }]);
    lines[0].hears(started(1), token(2, "hi"));
    assert.equal(session.outbox.entries().length, 0);
    assert.equal(store.get().spoken, null);
    lines[0].hears(completed(3, "hi"));
    assert.deepEqual(store.get().spoken, { text: "Aria, AI persona: hi", urgent: false });
  }));

test("a cut before the turn started sends the same id again", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    session.offline();
    await session.online();
    lines[1].hears(ready());
    assert.deepEqual(
      lines[1].of("message.send").map((frame) => frame.client_message_id),
      ["c1"],
    );
  }));

test("a cut in the middle of a reply asks for the rest and for nothing twice", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears(started(1), token(2, "Some"));
    session.offline();
    await session.online();
    lines[1].hears(ready({ turn: "t1", seq: 4 }));
    assert.deepEqual(lines[1].sent, [{ type: "turn.resume", turn: "t1", after: 2 }]);
    lines[1].hears(token(2, "Some"), token(3, "thing"));
    assert.equal(session.conversation.turn("t1").text, "Something");
  }));

test("messages written offline wait for the reply before them", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.offline();
    session.send("one");
    session.send("two");
    await session.online();
    lines[1].hears(ready());
    lines[1].hears(started(1), token(2, "hi"));
    assert.equal(lines[1].of("message.send").length, 1);
    lines[1].hears(completed(3, "hi"));
    assert.deepEqual(
      lines[1].of("message.send").map((frame) => frame.text),
      ["one", "two"],
    );
  }));

test("a reload in the middle of a reply plays it from its start", async () => {
  const storage = memory();
  await withSession(
    async ({ session, lines }) => {
      lines[0].hears(ready());
      session.send("hello");
    },
    { storage },
  );
  await withSession(
    async ({ session, lines }) => {
      lines[0].hears(ready({ turn: "t1", seq: 2 }));
      assert.deepEqual(
        lines[0].sent.map((frame) => frame.type),
        ["turn.resume", "message.send"],
      );
      assert.equal(lines[0].sent[1].client_message_id, "c1");
      lines[0].hears(started(1), started(1), token(2, "hi"), token(2, "hi"), completed(3, "hi"));
      assert.equal(session.outbox.entries().length, 0);
      assert.equal(session.conversation.entries().length, 1);
    },
    { storage, history: [fanMessage()] },
  );
});

test("stopping before the turn started stops it as soon as it has", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    session.cancel();
    assert.deepEqual(lines[0].of("turn.cancel"), []);
    lines[0].hears(started(1));
    assert.deepEqual(lines[0].of("turn.cancel"), [{ type: "turn.cancel", turn: "t1" }]);
  }));

test("a hole in the stream is asked for once", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears(started(1), token(2, "a"), token(4, "c"));
    assert.deepEqual(lines[0].of("turn.resume"), [{ type: "turn.resume", turn: "t1", after: 2 }]);
    lines[0].hears(token(3, "b"), token(4, "c"));
    assert.equal(session.conversation.turn("t1").text, "abc");
  }));

test("a refused message stays with its reason, and another try has the same id", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears({ type: "error", code: "rate_limited", detail: "Slow down.", client_message_id: "c1" });
    assert.equal(session.outbox.entries()[0].status, "refused");
    session.retry("c1");
    assert.deepEqual(
      lines[0].of("message.send").map((frame) => frame.client_message_id),
      ["c1", "c1"],
    );
  }));

test("a disclosure that fell due is shown, and the message goes out once it is acknowledged", () =>
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears({
      type: "error",
      code: "acknowledgement_required",
      required: ["d1"],
      detail: "",
      client_message_id: "c1",
    });
    await settled();
    assert.deepEqual(
      store.get().required.map((item) => item.id),
      ["d1"],
    );
    await session.acknowledge(["d1"]);
    assert.equal(store.get().required, null);
    assert.equal(lines[0].of("message.send").length, 2);
  }));

test("help stands until it is answered, also when it comes with a refusal", () =>
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    const help = { kind: "crisis", title: "Please talk to a person now", text: "They are awake.", actions: [] };
    lines[0].hears({ type: "error", code: "rate_limited", detail: "", help, client_message_id: "c1" });
    assert.deepEqual(store.get().help, help);
    session.answerHelp();
    assert.equal(store.get().help, null);
  }));

test("a turn that the server has forgotten is given up, and the fan can go on", () =>
  withSession(async ({ session, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears(started(1), token(2, "a"));
    session.offline();
    await session.online();
    lines[1].hears(ready());
    lines[1].hears({ type: "error", code: "not_found", detail: "" });
    assert.equal(session.isReplying(), false);
    session.send("again");
    assert.equal(lines[1].of("message.send").length, 1);
  }));
