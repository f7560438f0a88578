/**
 * Accounts: allauth headless, app client, JWT. The access token lives in memory, the refresh token in localStorage.
 * A refresh token works once, so tabs take turns under a Web Lock.
 */

import { bodyOf, Problem, reach } from "./problems.js";

const BASE = "/_allauth/app/v1";
export const REFRESH_KEY = "companion.refresh";
const LOCK = "companion.refresh";

/** The answer waits for a click in an e-mail (mandatory in production). */
export class ConfirmationPending extends Error {}

/** Signed out, here or elsewhere: only logging in helps. */
export class SignedOut extends Error {}

export function createAuth({ fetch, storage, locks }) {
  let access = null;
  let renewal = null;

  async function post(path, body) {
    const headers = { "Content-Type": "application/json" };
    return reach(fetch, BASE + path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async function enter(path, body) {
    const response = await post(path, body);
    const answer = await bodyOf(response);
    if (response.ok) return keep(answer.meta ?? {});
    if (waitsForConfirmation(answer)) throw new ConfirmationPending();
    throw new Problem(response.status, { ...answer, code: answer.errors?.[0]?.code });
  }

  function keep(tokens) {
    access = tokens.access_token;
    if (tokens.refresh_token) storage.setItem(REFRESH_KEY, tokens.refresh_token);
  }

  function forget() {
    access = null;
    storage.removeItem(REFRESH_KEY);
  }

  async function rotate() {
    const refreshToken = storage.getItem(REFRESH_KEY);
    if (!refreshToken) throw new SignedOut();
    const response = await post("/tokens/refresh", { refresh_token: refreshToken });
    const answer = await bodyOf(response);
    if (response.ok) return keep({ ...answer.meta, ...answer.data });
    if (response.status === 429 || response.status >= 500) throw new Problem(response.status, answer);
    forget();
    throw new SignedOut();
  }

  /** A fresh access token in place of the one that was refused; one request however many ask. */
  async function renew() {
    renewal ??= inTurn(locks, rotate).finally(() => {
      renewal = null;
    });
    await renewal;
    return access;
  }

  return {
    renew,
    signUp: (form) => enter("/auth/signup", form),
    logIn: (form) => enter("/auth/login", form),
    /** Sends the e-mail with which a new password is set, if there is such an account; the answer does not tell. */
    async forgotPassword(email) {
      const response = await post("/auth/password/request", { email });
      if (!response.ok) throw new Problem(response.status, await bodyOf(response));
    },
    /** True when a refresh token is there; whether it still works only the server knows. */
    isRemembered: () => storage.getItem(REFRESH_KEY) !== null,
    accessToken: async () => access ?? renew(),
    forget,
    /** Ends the session on the server when it can be reached, and on this device in any case. */
    async logOut() {
      const headers = access ? { Authorization: `Bearer ${access}` } : {};
      forget();
      await reach(fetch, `${BASE}/auth/session`, { method: "DELETE", headers }); // answers 401, as allauth does
    },
  };
}

function inTurn(locks, work) {
  return locks ? locks.request(LOCK, work) : work(); // no locks outside secure contexts
}

function waitsForConfirmation(answer) {
  return (answer.data?.flows ?? []).some((flow) => flow.id === "verify_email" && flow.is_pending);
}
