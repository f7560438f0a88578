/**
 * The calls of contract.md that this page makes. Failures are thrown as Problem, Disconnected or SignedOut.
 * @import { Artist, Auth, Disclosure, Fetch, Items, LoginSession, Me, Memory, MemoryPage, MemorySettings, MessagePage, Usage, Why } from "./types.js"
 */

import { bodyOf, Problem, reach } from "./problems.js";

const BASE = "/api/v1";

/** @param {{ fetch: Fetch, auth: Pick<Auth, "accessToken" | "renew"> }} ports */
export function createApi({ fetch, auth }) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {string | null} [token]
   */
  function send(method, path, body, token) {
    const isLast = method === "DELETE"; // what is to go goes, also when the page closes behind it
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return reach(fetch, BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      keepalive: isLast,
    });
  }

  /** @param {Response} response */
  async function read(response) {
    const body = await bodyOf(response);
    if (!response.ok) throw new Problem(response.status, body);
    return body;
  }

  /** @param {string} path */
  async function open(path) {
    return read(await send("GET", path));
  }

  /**
   * With the login's token; a refused one is renewed once.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async function call(method, path, body) {
    const response = await send(method, path, body, await auth.accessToken());
    if (response.status !== 401) return read(response);
    return read(await send(method, path, body, await auth.renew()));
  }

  return {
    /** @type {(slug: string) => Promise<Artist>} */
    publicArtist: (slug) => open(of(slug)),
    /** @type {(slug: string, country?: string) => Promise<Items<Disclosure>>} */
    publicDisclosures: (slug, country) => open(`/disclosures?${query({ artist: slug, country })}`),
    /** @type {(slug: string) => Promise<Artist>} */
    artist: (slug) => call("GET", of(slug)),
    /** @type {(slug: string) => Promise<Items<Disclosure>>} */
    disclosures: (slug) => call("GET", `/disclosures?${query({ artist: slug })}`),
    /** @type {(slug: string, acknowledge: string[]) => Promise<{ joined: true }>} */
    join: (slug, acknowledge) => call("POST", `${of(slug)}/join`, { acknowledge }),
    /** @type {(slug: string, cursor?: string | null) => Promise<MessagePage>} */
    messages: (slug, cursor) => call("GET", `${of(slug)}/messages?${query({ limit: cursor ? 100 : 30, cursor })}`),
    /** @type {(slug: string) => Promise<void>} */
    leave: (slug) => call("POST", `${of(slug)}/sessions/end`),
    /** @type {(slug: string) => Promise<string>} */
    ticket: async (slug) => (await call("POST", "/realtime/tickets", { artist: slug })).ticket,
    /** @type {(slug: string, message: string, value: "up" | "down") => Promise<object>} */
    feedback: (slug, message, value) => call("POST", `${aboutMessage(slug, message)}/feedback`, { value }),
    /** @type {(slug: string, message: string, report: { reason: string, note?: string }) => Promise<object>} */
    report: (slug, message, report) => call("POST", `${aboutMessage(slug, message)}/report`, report),
    /** @type {(slug: string, message: string) => Promise<Why>} */
    why: (slug, message) => call("GET", `${aboutMessage(slug, message)}/why`),
    /** @type {(slug: string, cursor: string | null) => Promise<MemoryPage>} */
    memories: (slug, cursor) => call("GET", `${of(slug)}/memories?${query({ limit: 50, cursor })}`),
    /** @type {(slug: string, memory: string, text: string) => Promise<Memory>} */
    correctMemory: (slug, memory, text) => call("PATCH", aboutMemory(slug, memory), { text }),
    /** @type {(slug: string, memory: string) => Promise<void>} */
    forgetMemory: (slug, memory) => call("DELETE", aboutMemory(slug, memory)),
    /** @type {(slug: string) => Promise<void>} */
    forgetMemories: (slug) => call("DELETE", `${of(slug)}/memories`),
    /** @type {(slug: string) => Promise<MemorySettings>} */
    memorySettings: (slug) => call("GET", `${of(slug)}/memory-settings`),
    /** @type {(slug: string, fields: Partial<MemorySettings>) => Promise<MemorySettings>} */
    changeMemorySettings: (slug, fields) => call("PATCH", `${of(slug)}/memory-settings`, fields),
    /** @type {(slug: string) => Promise<Pick<Usage, "quotas">>} */
    usage: (slug) => call("GET", `${of(slug)}/usage`),
    /** @type {() => Promise<Me>} */
    me: () => call("GET", "/me"),
    /** @type {(fields: Partial<Me>) => Promise<Me>} */
    updateMe: (fields) => call("PATCH", "/me", fields),
    /** @type {() => Promise<Items<LoginSession> & { count: number }>} */
    logins: () => call("GET", "/me/sessions"),
    /** Ends every login of this person, this one included. @type {() => Promise<{ ended: number }>} */
    endLogins: () => call("DELETE", "/me/sessions"),
  };
}

/** @param {string} slug */
function of(slug) {
  return `/artists/${encodeURIComponent(slug)}`;
}

/**
 * @param {string} slug
 * @param {string} message its id
 */
function aboutMessage(slug, message) {
  return `${of(slug)}/messages/${encodeURIComponent(message)}`;
}

/**
 * @param {string} slug
 * @param {string} memory its id
 */
function aboutMemory(slug, memory) {
  return `${of(slug)}/memories/${encodeURIComponent(memory)}`;
}

/** @param {Record<string, string | number | null | undefined>} fields what is empty is left out */
function query(fields) {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === null || value === "" ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(given).toString();
}
