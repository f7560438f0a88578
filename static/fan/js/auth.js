/**
 * Accounts: allauth headless, app client, JWT. The refresh token lives in localStorage. It works once, so tabs take
 * turns under a Web Lock; and each attempt has a name that is kept until its answer has come, so that it can be asked
 * again over a network, or a reload, that lost the answer. The access token outlives a reload in the tab's own storage,
 * beside the refresh token that it came with: only a new tab has to ask.
 * @import { Fetch, KeyValues, SignUpBody } from "./types.js"
 */

import { newId } from "./ids.js";
import { bodyOf, Problem, reach } from "./problems.js";

const BASE = "/_allauth/app/v1";
export const REFRESH_KEY = "companion.refresh";
const ATTEMPT_KEY = "companion.refresh.attempt";
const ACCESS_KEY = "companion.access";
const LOCK = "companion.refresh";

/** The answer waits for a click in an e-mail (mandatory in production). */
export class ConfirmationPending extends Error {}

/** Signed out, here or elsewhere: only logging in helps. */
export class SignedOut extends Error {}

/** @typedef {{ access_token: string, refresh_token?: string }} Tokens */

/** @param {{ fetch: Fetch, storage: KeyValues, tab?: KeyValues, locks?: Pick<LockManager, "request"> }} ports */
export function createAuth({ fetch, storage, tab, locks }) {
  /** @type {string | null} */
  let access = keptInTab();
  /** @type {Promise<void> | null} */
  let renewal = null;

  /**
   * @param {string} path
   * @param {object} body
   * @param {string | null} [token]
   * @param {Record<string, string>} [more] headers
   */
  async function post(path, body, token = "", more = {}) {
    /** @type {Record<string, string>} */
    const headers = { "Content-Type": "application/json", ...more };
    if (token) headers.Authorization = `Bearer ${token}`;
    return reach(fetch, BASE + path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async function enter(path, body) {
    const response = await post(path, body);
    const answer = await bodyOf(response);
    if (response.ok) return keep(answer.meta ?? {});
    if (waitsForConfirmation(answer)) throw new ConfirmationPending();
    throw new Problem(response.status, { ...answer, code: answer.errors?.[0]?.code });
  }

  /** @param {Tokens} tokens */
  function keep(tokens) {
    access = tokens.access_token;
    storage.removeItem(ATTEMPT_KEY);
    if (tokens.refresh_token) storage.setItem(REFRESH_KEY, tokens.refresh_token);
    tab?.setItem(ACCESS_KEY, JSON.stringify({ access, refresh: storage.getItem(REFRESH_KEY) }));
  }

  /** @returns {string | null} null when another tab has a newer login, perhaps somebody else's */
  function keptInTab() {
    const kept = JSON.parse(tab?.getItem(ACCESS_KEY) ?? "{}");
    return kept.refresh && kept.refresh === storage.getItem(REFRESH_KEY) ? kept.access : null;
  }

  function forget() {
    access = null;
    tab?.removeItem(ACCESS_KEY);
    storage.removeItem(REFRESH_KEY);
    storage.removeItem(ATTEMPT_KEY);
  }

  /** The one that is under way, perhaps since before a reload, or a new one. */
  function attempt() {
    const name = storage.getItem(ATTEMPT_KEY) ?? newId();
    storage.setItem(ATTEMPT_KEY, name);
    return name;
  }

  async function rotate() {
    const refreshToken = storage.getItem(REFRESH_KEY);
    if (!refreshToken) throw new SignedOut();
    const named = { "Refresh-Attempt": attempt() };
    const response = await post("/tokens/refresh", { refresh_token: refreshToken }, "", named);
    const answer = await bodyOf(response);
    if (response.ok) return keep({ ...answer.meta, ...answer.data });
    if (response.status === 429 || response.status >= 500) throw new Problem(response.status, answer);
    forget();
    throw new SignedOut();
  }

  /**
   * A fresh access token in place of the one that was refused; one request however many ask.
   * @returns {Promise<string | null>}
   */
  async function renew() {
    renewal ??= inTurn(locks, rotate).finally(() => {
      renewal = null;
    });
    await renewal;
    return access;
  }

  /** @param {{ email: string, current_password: string, new_password: string }} form */
  async function changePassword({ email, ...passwords }) {
    await rotate(); // so that a 401 means that the password has changed, not that the token ran out
    const response = await post("/account/password/change", passwords, access);
    const answer = await bodyOf(response);
    if (response.status !== 401) throw new Problem(response.status, answer);
    try {
      await enter("/auth/login", { email, password: passwords.new_password });
    } catch (cause) {
      forget();
      throw new SignedOut("the password has changed, and logging in again failed", { cause });
    }
  }

  return {
    renew,
    /** @param {SignUpBody} form */
    signUp: (form) => enter("/auth/signup", form),
    /** @param {{ email: string, password: string }} form */
    logIn: (form) => enter("/auth/login", form),
    /**
     * Sends the e-mail with which a new password is set, if there is such an account; the answer does not tell.
     * @param {string} email
     */
    async forgotPassword(email) {
      const response = await post("/auth/password/request", { email });
      if (!response.ok) throw new Problem(response.status, await bodyOf(response));
    },
    /**
     * Every login ends with the old password; this device logs in again with the new one.
     * @param {{ email: string, current_password: string, new_password: string }} form
     */
    changePassword: (form) => inTurn(locks, () => changePassword(form)),
    /** True when a refresh token is there; whether it still works only the server knows. */
    isRemembered: () => storage.getItem(REFRESH_KEY) !== null,
    accessToken: async () => access ?? renew(),
    forget,
    /** Ends the session on the server when it can be reached, and on this device in any case. */
    async logOut() {
      /** @type {Record<string, string>} */
      const headers = access ? { Authorization: `Bearer ${access}` } : {};
      forget();
      await reach(fetch, `${BASE}/auth/session`, { method: "DELETE", headers }); // answers 401, as allauth does
    },
  };
}

/**
 * @param {Pick<LockManager, "request"> | undefined} locks there are none outside secure contexts
 * @param {() => Promise<void>} work
 * @returns {Promise<void>}
 */
async function inTurn(locks, work) {
  await (locks ? locks.request(LOCK, work) : work());
}

/** @param {{ data?: { flows?: { id: string, is_pending?: boolean }[] } }} answer */
function waitsForConfirmation(answer) {
  return (answer.data?.flows ?? []).some((flow) => flow.id === "verify_email" && flow.is_pending);
}
