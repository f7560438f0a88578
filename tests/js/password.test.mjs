/** Changing the password: the old logins end, this device goes on with a new one, and other tabs are not logged out. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createAuth, REFRESH_KEY, SignedOut } from "../../static/fan/js/auth.js";
import { Problem } from "../../static/fan/js/problems.js";
import { memory } from "./events.mjs";

const FORM = { email: "kim@fans.example", current_password: "old", new_password: "new" };
const reply = (status, body) => new Response(JSON.stringify(body), { status });

/** answers: by the end of the path. */
function setUp(answers) {
  const asked = [];
  const storage = memory({ [REFRESH_KEY]: "r1" });
  const fetch = async (url, { headers, body }) => {
    const path = Object.keys(answers).find((end) => url.endsWith(end));
    asked.push({ path, token: headers.Authorization, body: JSON.parse(body), kept: storage.getItem(REFRESH_KEY) });
    return reply(...answers[path]);
  };
  return { auth: createAuth({ fetch, storage }), storage, asked };
}

const RENEWED = [200, { data: { access_token: "a2", refresh_token: "r2" } }];
const LOGGED_OUT = [401, { status: 401, data: { flows: [{ id: "login" }] }, meta: { is_authenticated: false } }];

test("it is asked with a fresh token, and the device logs in again without having been logged out", async () => {
  const entered = [200, { meta: { access_token: "a3", refresh_token: "r3" } }];
  const { auth, storage, asked } = setUp({ "/refresh": RENEWED, "/change": LOGGED_OUT, "/login": entered });
  await auth.changePassword(FORM);
  assert.deepEqual(asked.map(({ path }) => path), ["/refresh", "/change", "/login"]);
  assert.deepEqual(asked[1].body, { current_password: "old", new_password: "new" });
  assert.equal(asked[1].token, "Bearer a2");
  assert.deepEqual(asked[2].body, { email: "kim@fans.example", password: "new" });
  assert.equal(asked[2].kept, "r2"); // never away, so no other tab takes it for a log-out
  assert.equal(storage.getItem(REFRESH_KEY), "r3");
  assert.equal(await auth.accessToken(), "a3");
});

test("a refusal keeps the login", async () => {
  const wrong = [400, { errors: [{ param: "current_password", code: "enter_current_password", message: "No." }] }];
  const { auth, storage, asked } = setUp({ "/refresh": RENEWED, "/change": wrong });
  await assert.rejects(auth.changePassword(FORM), (error) => error instanceof Problem && error.status === 400);
  assert.equal(asked.length, 2);
  assert.equal(storage.getItem(REFRESH_KEY), "r2");
});

test("when logging in again fails, the door opens", async () => {
  const { auth, storage } = setUp({ "/refresh": RENEWED, "/change": LOGGED_OUT, "/login": [429, {}] });
  await assert.rejects(auth.changePassword(FORM), SignedOut);
  assert.equal(storage.getItem(REFRESH_KEY), null);
});
