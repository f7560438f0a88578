import assert from "node:assert/strict";
import { test } from "node:test";
import { SignedOut } from "../../static/fan/js/auth.js";
import { meaningOfClose, reconnectDelay } from "../../static/fan/js/backoff.js";
import { Disconnected, Problem } from "../../static/fan/js/problems.js";
import { ChatSocket } from "../../static/fan/js/socket.js";

/** Time that the test moves. */
class Timers {
  now = 0;
  #waiting = new Map();
  #count = 0;
  setTimeout = (work, ms) => {
    this.#count += 1;
    this.#waiting.set(this.#count, { work, at: this.now + ms });
    return this.#count;
  };
  clearTimeout = (timer) => this.#waiting.delete(timer);

  async pass(ms) {
    const until = this.now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting.delete(due[0]);
      this.now = due[1].at;
      due[1].work();
      await settled();
    }
    this.now = until;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

class Line {
  readyState = 1;
  sent = [];
  closed = false;
  send = (text) => this.sent.push(JSON.parse(text));
  close = () => {
    this.closed = true;
    this.readyState = 3;
  };
  hears = (frame) => this.onmessage({ data: JSON.stringify(frame) });
  ends = (code, reason = "") => {
    this.readyState = 3;
    this.onclose({ code, reason });
  };
}

const READY = { type: "session.ready", heartbeat_s: 30 };

function chat({ ticket = async () => "a ticket" } = {}) {
  const timers = new Timers();
  const lines = [];
  const states = [];
  const frames = [];
  const socket = new ChatSocket({
    ticket,
    connect: () => {
      lines.push(new Line());
      return lines.at(-1);
    },
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    setTimeout: timers.setTimeout,
    clearTimeout: timers.clearTimeout,
    random: () => 1,
  });
  return { socket, timers, lines, states, frames };
}

async function connected() {
  const all = chat();
  await all.socket.start();
  all.lines[0].hears(READY);
  return all;
}

test("it is ready when the server says so", async () => {
  const { states, frames } = await connected();
  assert.deepEqual(
    states.map((state) => state.kind),
    ["connecting", "ready"],
  );
  assert.deepEqual(frames, [READY]);
});

test("it pings in each period even while the server talks", async () => {
  const { timers, lines } = await connected();
  for (let second = 0; second < 95; second += 1) {
    await timers.pass(1000);
    lines[0].hears({ type: "turn.token" });
  }
  assert.equal(lines[0].sent.filter((frame) => frame.type === "ping").length, 3);
  assert.equal(lines.length, 1);
});

test("a ping without an answer means that the line is gone", async () => {
  const { timers, lines, states } = await connected();
  await timers.pass(40_000);
  assert.ok(lines[0].closed);
  assert.equal(states.at(-1).kind, "lost");
  await timers.pass(1000);
  assert.equal(lines.length, 2);
});

test("an unanswered handshake is given up", async () => {
  const { socket, timers, lines } = chat();
  await socket.start();
  await timers.pass(11_000);
  assert.ok(lines[0].closed);
  assert.equal(lines.length, 2);
});

test("after a restart it comes back at the server's own hint", async () => {
  const { timers, lines } = await connected();
  lines[0].ends(1012, "retry_after_ms=2500");
  await timers.pass(2499);
  assert.equal(lines.length, 1);
  await timers.pass(1);
  assert.equal(lines.length, 2);
});

test("each failed attempt waits longer, and a ready line starts over", async () => {
  const failing = async () => {
    throw new Disconnected();
  };
  const { socket, timers, states } = chat({ ticket: failing });
  await socket.start();
  await timers.pass(400 + 800 + 1600);
  assert.equal(states.filter((state) => state.kind === "connecting").length, 4);
  const { timers: clock, lines } = await connected();
  lines[0].ends(1006);
  await clock.pass(400);
  assert.equal(lines.length, 2);
});

test("a paused artist is asked again after the time that the server names", async () => {
  let paused = true;
  const ticket = async () => {
    if (paused) throw new Problem(503, { code: "paused", retry_after_s: 60 });
    return "a ticket";
  };
  const { socket, timers, lines, states } = chat({ ticket });
  await socket.start();
  assert.deepEqual(states.at(-1), { kind: "lost", why: "paused" });
  paused = false;
  await timers.pass(59_999);
  assert.equal(lines.length, 0);
  await timers.pass(1);
  assert.equal(lines.length, 1);
});

for (const [code, reason, why] of [
  [4403, "sanctioned", "sanctioned"],
  [4403, "unauthenticated", "unauthenticated"],
  [4404, "", "not_found"],
  [4429, "", "crowded"],
]) {
  test(`close code ${code} ${reason} stops it for good`, async () => {
    const { timers, lines, states } = await connected();
    lines[0].ends(code, reason);
    await timers.pass(600_000);
    assert.deepEqual(states.at(-1), { kind: "stopped", why });
    assert.equal(lines.length, 1);
  });
}

test("a login that ended stops it", async () => {
  const ticket = async () => {
    throw new SignedOut();
  };
  const { socket, states } = chat({ ticket });
  await socket.start();
  assert.deepEqual(states.at(-1), { kind: "stopped", why: "unauthenticated" });
});

test("an old line that speaks up late is not heard", async () => {
  const { socket, lines, frames } = await connected();
  const late = lines[0].onmessage;
  socket.lose("offline");
  await socket.start();
  late({ data: JSON.stringify({ type: "turn.token" }) });
  assert.equal(frames.length, 1);
  assert.equal(socket.send({ type: "ping" }), true);
});

test("nothing can be sent without a line", () => {
  assert.equal(chat().socket.send({ type: "ping" }), false);
});

test("a stopped socket ignores a ticket that comes late", async () => {
  let give;
  const { socket, lines } = chat({ ticket: () => new Promise((resolve) => (give = resolve)) });
  const started = socket.start();
  socket.stop();
  give("late");
  await started;
  assert.equal(lines.length, 0);
});

test("the delay doubles up to its ceiling, half of it by chance", () => {
  assert.deepEqual(
    [0, 1, 2, 10].map((attempt) => reconnectDelay(attempt, 1)),
    [400, 800, 1600, 15_000],
  );
  assert.equal(reconnectDelay(0, 0), 200);
});

test("a close without a meaning of its own is a cut", () => {
  assert.deepEqual(meaningOfClose(1006, ""), { next: "again", why: "lost" });
  assert.deepEqual(meaningOfClose(4408, ""), { next: "again", why: "lost" });
  assert.equal(meaningOfClose(1012, "").waitMs, undefined);
});
