import assert from "node:assert/strict";
import { test } from "node:test";
import { createApi } from "../../static/fan/js/api.js";
import { ConfirmationPending, createAuth, REFRESH_KEY, SignedOut } from "../../static/fan/js/auth.js";
import { Disconnected, Problem } from "../../static/fan/js/problems.js";
import { memory } from "./events.mjs";

const answer = (status, body) => new Response(JSON.stringify(body), { status });

/** A server whose refresh tokens work once; `accepts` is the access token that its API takes. */
function server() {
  const seen = [];
  const state = { refresh: "r1", access: "a1", seen, refreshes: 0 };
  state.fetch = async (url, options) => {
    seen.push(`${options.method} ${url}`);
    if (url.endsWith("/tokens/refresh")) return state.answer(JSON.parse(options.body).refresh_token, options.headers);
    if (options.headers.Authorization !== `Bearer ${state.access}`) return answer(401, { code: "unauthenticated" });
    return answer(200, { ok: true });
  };
  /** Asked again under the same name, it answers in place of what it answered before. */
  state.answer = (token, { "Refresh-Attempt": attempt }) => {
    const isAgain = token === state.rotated?.token && attempt === state.rotated.attempt;
    if (!isAgain && token === state.refresh) state.rotated = { token, attempt };
    const response = state.rotate(isAgain ? state.refresh : token);
    if (state.loses) throw new TypeError("network");
    return response;
  };
  state.rotate = (token) => {
    if (token !== state.refresh) return answer(400, { errors: [] });
    state.refreshes += 1;
    state.refresh = `r${state.refreshes + 1}`;
    state.access = `a${state.refreshes + 1}`;
    return answer(200, { data: { access_token: state.access, refresh_token: state.refresh } });
  };
  return state;
}

/** Web Locks of one origin: the holders take turns. */
function webLocks() {
  let last = Promise.resolve();
  return {
    request: (name, work) => {
      last = last.then(work, work);
      return last;
    },
  };
}

test("an access token that ran out is renewed and the call made again", async () => {
  const remote = server();
  const auth = createAuth({ fetch: remote.fetch, storage: memory({ [REFRESH_KEY]: "r1" }), locks: webLocks() });
  const api = createApi({ fetch: remote.fetch, auth });
  await api.artist("aria");
  remote.access = "another";
  remote.refreshes = 5;
  assert.deepEqual(await api.artist("aria"), { ok: true });
});

test("many calls at once renew the token once", async () => {
  const remote = server();
  const auth = createAuth({ fetch: remote.fetch, storage: memory({ [REFRESH_KEY]: "r1" }), locks: webLocks() });
  const api = createApi({ fetch: remote.fetch, auth });
  await Promise.all([api.artist("aria"), api.messages("aria", null), api.disclosures("aria")]);
  assert.equal(remote.refreshes, 1);
});

test("tabs that renew at once take turns, each with the token that the other left", async () => {
  const remote = server();
  const storage = memory({ [REFRESH_KEY]: "r1" });
  const locks = webLocks();
  const tabs = [1, 2, 3].map(() => createAuth({ fetch: remote.fetch, storage, locks }));
  await Promise.all(tabs.map((tab) => tab.renew()));
  assert.equal(remote.refreshes, 3);
  assert.equal(storage.getItem(REFRESH_KEY), "r4");
});

test("a refused refresh token signs out and is forgotten", async () => {
  const remote = server();
  const storage = memory({ [REFRESH_KEY]: "stale" });
  const auth = createAuth({ fetch: remote.fetch, storage, locks: webLocks() });
  await assert.rejects(auth.accessToken(), SignedOut);
  assert.equal(auth.isRemembered(), false);
});

test("a refresh whose answer was lost is asked again, over a reload too, and the login stays", async () => {
  const remote = server();
  const storage = memory({ [REFRESH_KEY]: "r1" });
  const open = () => createAuth({ fetch: remote.fetch, storage, locks: webLocks() });
  remote.loses = true;
  await assert.rejects(open().accessToken(), Disconnected);
  await assert.rejects(open().accessToken(), Disconnected);
  remote.loses = false;
  const reloaded = open();
  assert.equal(await reloaded.accessToken(), remote.access);
  assert.equal(storage.getItem(REFRESH_KEY), remote.refresh);
  await reloaded.renew(); // another attempt, under another name
  assert.equal(storage.getItem(REFRESH_KEY), remote.refresh);
});

test("an answer that was cut in the middle is no answer", async () => {
  const cut = { ok: true, status: 200, text: () => Promise.reject(new TypeError("network")) };
  const storage = memory({ [REFRESH_KEY]: "r1" });
  await assert.rejects(createAuth({ fetch: async () => cut, storage }).accessToken(), Disconnected);
  assert.equal(storage.getItem(REFRESH_KEY), "r1");
});

test("a server that is busy or away does not sign out", async () => {
  const storage = memory({ [REFRESH_KEY]: "r1" });
  const busy = createAuth({ fetch: async () => answer(503, { code: "unavailable" }), storage });
  await assert.rejects(busy.accessToken(), Problem);
  const away = async () => {
    throw new TypeError("network");
  };
  await assert.rejects(createAuth({ fetch: away, storage }).accessToken(), Disconnected);
  assert.equal(storage.getItem(REFRESH_KEY), "r1");
});

test("the access token never enters the store", async () => {
  const storage = memory();
  const auth = createAuth({
    fetch: async () => answer(200, { meta: { access_token: "a1", refresh_token: "r1" } }),
    storage,
  });
  await auth.logIn({ email: "a@b.c", password: "x" });
  assert.equal(storage.getItem(REFRESH_KEY), "r1");
  assert.equal(await auth.accessToken(), "a1");
});

test("a refused login tells its code and keeps nothing", async () => {
  const storage = memory();
  const refused = async () => answer(403, { status: 403, errors: [{ code: "underage", param: "birth_date" }] });
  const auth = createAuth({ fetch: refused, storage });
  await assert.rejects(auth.signUp({}), (error) => error.code === "underage" && error.status === 403);
  assert.equal(auth.isRemembered(), false);
});

test("a sign-up that waits for its e-mail says so", async () => {
  const pending = async () => answer(401, { data: { flows: [{ id: "verify_email", is_pending: true }] } });
  const auth = createAuth({ fetch: pending, storage: memory() });
  await assert.rejects(auth.signUp({}), ConfirmationPending);
});

test("logging out forgets the tokens even without a network", async () => {
  const storage = memory({ [REFRESH_KEY]: "r1" });
  const away = async () => {
    throw new TypeError("network");
  };
  const auth = createAuth({ fetch: away, storage });
  await assert.rejects(auth.logOut(), Disconnected);
  assert.equal(auth.isRemembered(), false);
  await assert.rejects(auth.accessToken(), SignedOut);
});

test("a page that is opened again in its tab needs no new token", async () => {
  const remote = server();
  const [storage, tab] = [memory({ [REFRESH_KEY]: "r1" }), memory()];
  const open = () => createAuth({ fetch: remote.fetch, storage, tab, locks: webLocks() });
  assert.equal(await open().accessToken(), "a2");
  assert.equal(await open().accessToken(), "a2");
  assert.equal(remote.refreshes, 1);
});

test("a token of a login that another tab has replaced or ended is not used", async () => {
  const remote = server();
  const [storage, tab] = [memory({ [REFRESH_KEY]: "r1" }), memory()];
  const open = () => createAuth({ fetch: remote.fetch, storage, tab, locks: webLocks() });
  await open().accessToken();
  await createAuth({ fetch: remote.fetch, storage, tab: memory(), locks: webLocks() }).renew();
  assert.equal(await open().accessToken(), "a4");
  storage.removeItem(REFRESH_KEY);
  await assert.rejects(open().accessToken(), SignedOut);
});
