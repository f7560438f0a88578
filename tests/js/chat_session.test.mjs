import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatSession } from "../../static/fan/js/chat_session.js";
import { START } from "../../static/fan/js/chat_state.js";
import { Disconnected } from "../../static/fan/js/problems.js";
import { createStore } from "../../static/fan/js/store.js";
import { AT, completed, fanMessage, memory, reply, started, token } from "./events.mjs";

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
  return { type: "session.ready", artist: "aria", fan: "f1", heartbeat_s: 30, open_turn: openTurn };
}

/** A session whose lines the test plays the server on; `use` ends with the session stopped. */
async function withSession(use, { storage = memory(), history = [], accept = () => ({}), onReply, tab = memory(), pages } = {}) {
  const lines = [];
  let count = 0;
  const store = createStore(START);
  const session = new ChatSession({
    slug: "aria",
    artist: { name: "Aria" },
    store,
    storage,
    memory: tab,
    api: {
      ticket: async () => "ticket",
      messages: async (_slug, cursor) => pages?.[cursor ?? "first"] ?? { items: history, next_cursor: null },
      disclosures: async () => ({
        items: [
          { id: "d1", title: "AI" },
          { id: "d2", title: "Old" },
        ],
      }),
      join: async () => ({ joined: true }),
      feedback: async () => accept(),
      report: async () => accept(),
    },
    connect: () => {
      lines.push(new Line());
      return lines.at(-1);
    },
    newId: () => `c${(count += 1)}`,
    now: () => AT,
    onStopped: () => undefined,
    onReply,
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
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears({ type: "error", code: "rate_limited", detail: "Slow down.", client_message_id: "c1" });
    assert.equal(session.outbox.entries()[0].status, "refused");
    assert.equal(store.get().spoken.text, "Not sent. That was a lot at once. Wait a moment");
    session.retry("c1");
    assert.deepEqual(
      lines[0].of("message.send").map((frame) => frame.client_message_id),
      ["c1", "c1"],
    );
  }));

test("what a busy server refused is sent again by itself, told once, until a turn starts", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await withSession(async ({ session, store, lines }) => {
    const busy = { type: "error", code: "unavailable", detail: "", client_message_id: "c1" };
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears(busy);
    assert.equal(session.outbox.entries()[0].status, "refused");
    const told = store.get().spoken;
    assert.match(told.text, /^Not sent/);
    t.mock.timers.tick(15_000);
    assert.equal(session.outbox.entries()[0].status, "sending");
    lines[0].hears(busy);
    assert.equal(store.get().spoken, told);
    t.mock.timers.tick(15_000);
    assert.deepEqual(
      lines[0].of("message.send").map((frame) => frame.client_message_id),
      ["c1", "c1", "c1"],
    );
    lines[0].hears(started(1), token(2, "hi"));
    t.mock.timers.tick(60_000);
    assert.equal(lines[0].of("message.send").length, 3);
  });
});

test("of each message that a busy server refuses it is told", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await withSession(async ({ session, store, lines }) => {
    const busy = (/** @type {string} */ id) => ({ type: "error", code: "unavailable", detail: "", client_message_id: id });
    lines[0].hears(ready());
    session.send("hello");
    lines[0].hears(busy("c1"));
    const first = store.get().spoken;
    session.send("are you there?");
    lines[0].hears(busy("c2"));
    assert.match(store.get().spoken.text, /^Not sent/);
    assert.notEqual(store.get().spoken, first);
  });
});

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

test("a notice that nobody can show does not lock the fan out", () =>
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    const refusal = { type: "error", code: "acknowledgement_required", detail: "", client_message_id: "c1" };
    lines[0].hears({ ...refusal, required: ["unheard-of"] });
    await settled();
    assert.equal(store.get().required, null);
    assert.equal(session.outbox.entries()[0].status, "refused");
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

test("a thumb is shown at once, and taken back when it could not be kept", () =>
  withSession(
    async ({ session }) => {
      const thumb = () => session.conversation.entries()[0].reply.feedback;
      const kept = session.giveFeedback({ id: "m2", feedback: "up" }, "down");
      assert.equal(thumb(), "down");
      assert.equal(await kept, false);
      assert.equal(thumb(), "up");
    },
    { history: [reply("hi", { feedback: "up" })], accept: () => Promise.reject(new Disconnected("away")) },
  ));

test("a reported reply says so", () =>
  withSession(
    async ({ session }) => {
      assert.equal(await session.report("m2", { reason: "other", note: "" }), true);
      assert.equal(session.conversation.entries()[0].reply.reported, true);
    },
    { history: [reply("hi")] },
  ));

test("an empty quota is told with the message kept, and help comes before it", () =>
  withSession(async ({ session, store, lines }) => {
    lines[0].hears(ready());
    session.send("hello");
    const refusal = { type: "error", code: "quota_exhausted", detail: "All used.", client_message_id: "c1" };
    lines[0].hears(refusal);
    assert.equal(store.get().quota.detail, "All used.");
    assert.equal(session.outbox.entries()[0].text, "hello");
    const help = { kind: "crisis", title: "Please talk to a person now", text: "They are awake.", actions: [] };
    lines[0].hears({ ...refusal, help });
    assert.equal(store.get().quota, null);
    assert.deepEqual(store.get().help, help);
  }));

test("help outlives a reload of the tab", async () => {
  const tab = memory();
  const help = { kind: "crisis", title: "", text: "They are awake.", actions: [] };
  await withSession(
    async ({ session, lines }) => {
      lines[0].hears(ready());
      session.send("hello");
      lines[0].hears({ type: "error", code: "rate_limited", detail: "", help, client_message_id: "c1" });
    },
    { tab },
  );
  await withSession(async ({ store }) => assert.deepEqual(store.get().help, help), { tab });
});

test("a reply that ended is told of, but not on the day after a crisis", () => {
  let told = 0;
  return withSession(
    async ({ session, lines }) => {
      lines[0].hears(ready());
      session.send("hello");
      lines[0].hears(started(1), completed(2, "hi"));
      assert.equal(told, 1);
      lines[0].hears(started(1, { turn: "t2" }), {
        ...{ type: "turn.notice", turn: "t2", seq: 2 },
        ...{ kind: "crisis", title: "", text: "They are awake." },
      });
      lines[0].hears(completed(3, "hm", "t2"));
      assert.equal(told, 1);
      assert.equal(session.isQuiet(), true);
    },
    { onReply: () => (told += 1) },
  );
});

test("a message from another device is unread until the fan looks", () =>
  withSession(
    async ({ session, store, lines }) => {
      lines[0].hears(ready());
      session.reading(false);
      const later = reply("psst", { id: "m9", turn: "t9", created_at: "2026-11-24T11:00:00.000Z" });
      lines[0].hears({ type: "message.created", message: later });
      assert.equal(store.get().unread.count, 1);
      session.reading(true);
      assert.equal(store.get().unread.count, 0);
    },
    { history: [reply("hi")] },
  ));

test("a message of long ago is read back to, and what is not there is not", () => {
  const said = (id) => ({ ...fanMessage(id), id, turn: `t-${id}` });
  const pages = {
    first: { items: [said("m3")], next_cursor: "m3" },
    m3: { items: [said("m2")], next_cursor: "m2" },
    m2: { items: [said("m1")], next_cursor: null },
  };
  return withSession(
    async ({ session }) => {
      assert.equal(await session.find("m3"), true);
      assert.ok(!session.conversation.has("m2"), "nothing is read that is not needed");
      assert.equal(await session.find("m2"), true);
      assert.equal(await session.find("never"), false);
      assert.ok(session.conversation.has("m1"));
    },
    { pages },
  );
});
