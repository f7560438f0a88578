import assert from "node:assert/strict";
import { test } from "node:test";
import { forgetFan, hasJoined, keepJoined } from "../../static/fan/js/keepsakes.js";
import { isDoor, messagePath, pathOf, routeOf, Router } from "../../static/fan/js/router.js";

test("each view has an address, and each address its route", () => {
  for (const [view, path, route] of [
    ["chat", "/a/aria", "home"],
    ["signup", "/a/aria", "home"],
    ["login", "/a/aria/login", "login"],
    ["forgot", "/a/aria/forgot", "forgot"],
    ["artist", "/a/aria/artist", "artist"],
    ["settings", "/a/aria/settings", "settings"],
    ["memories", "/a/aria/memories", "memories"],
  ]) {
    assert.equal(pathOf("aria", view), path);
    assert.equal(routeOf(path), route);
  }
  assert.equal(routeOf("/a/login"), "home");
  assert.equal(routeOf("/a/aria/elsewhere"), "home");
});

test("only the doors are for strangers alone", () => {
  assert.deepEqual(["home", "login", "forgot", "artist", "settings", "memories"].filter(isDoor), ["login", "forgot"]);
});

test("going where the page is already leaves no entry to go back to", () => {
  const pushed = [];
  const location = { pathname: "/a/aria", hash: "" };
  const history = { pushState: (_state, _title, path) => pushed.push((location.pathname = path)), replaceState() {} };
  const router = new Router("aria", { history, location, addEventListener() {} });
  router.go("chat");
  assert.deepEqual(pushed, []);
  router.go("settings");
  router.go("settings");
  assert.deepEqual(pushed, ["/a/aria/settings"]);
  assert.equal(router.route, "settings");
});

test("a message of the chat has an address, and the chat alone has another", () => {
  const pushed = [];
  const location = { pathname: "/a/aria/memories", hash: "" };
  const history = {
    pushState(_state, _title, path) {
      pushed.push(path);
      [location.pathname, location.hash] = path.split(/(?=#)|$/).concat("");
    },
    replaceState() {},
  };
  const router = new Router("aria", { history, location, addEventListener() {} });
  assert.equal(router.message, "");
  router.go("chat", "0199-ab");
  assert.equal(router.message, "0199-ab");
  router.go("chat", "0199-ab");
  assert.deepEqual(pushed, [messagePath("aria", "0199-ab")]);
  router.go("chat");
  assert.deepEqual([router.message, router.route, pushed.length], ["", "home", 2]);
});

/** localStorage in a few lines. */
function storage(entries) {
  const map = new Map(Object.entries(entries));
  return {
    map,
    get length() {
      return map.size;
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => map.set(name, value),
    removeItem: (name) => map.delete(name),
    clear: () => map.clear(),
  };
}

test("a log-out leaves what is of the device and of others, and nothing of the fan", () => {
  const local = storage({ "companion.refresh": "t", "companion.draft": "hi", "companion.notify": "on", other: "1" });
  const session = storage({ "companion.help": "x" });
  keepJoined("aria", true, local);
  assert.ok(hasJoined("aria", local));
  forgetFan({ local, session });
  assert.deepEqual([...local.map.keys()], ["companion.notify", "other"]);
  assert.equal(session.map.size, 0);
  assert.ok(!hasJoined("aria", local));
});
