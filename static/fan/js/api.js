/** The calls of contract.md that this page makes. Failures are thrown as Problem, Disconnected or SignedOut. */

import { bodyOf, Problem, reach } from "./problems.js";

const BASE = "/api/v1";

export function createApi({ fetch, auth }) {
  function send(method, path, body, token) {
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return reach(fetch, BASE + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  async function read(response) {
    const body = await bodyOf(response);
    if (!response.ok) throw new Problem(response.status, body);
    return body;
  }

  async function open(path) {
    return read(await send("GET", path));
  }

  /** With the login's token; a refused one is renewed once. */
  async function call(method, path, body) {
    const response = await send(method, path, body, await auth.accessToken());
    if (response.status !== 401) return read(response);
    return read(await send(method, path, body, await auth.renew()));
  }

  const of = (slug) => `/artists/${encodeURIComponent(slug)}`;
  return {
    publicArtist: (slug) => open(of(slug)),
    publicDisclosures: (slug, country) => open(`/disclosures?${query({ artist: slug, country })}`),
    artist: (slug) => call("GET", of(slug)),
    disclosures: (slug) => call("GET", `/disclosures?${query({ artist: slug })}`),
    join: (slug, acknowledge) => call("POST", `${of(slug)}/join`, { acknowledge }),
    messages: (slug, cursor) => call("GET", `${of(slug)}/messages?${query({ limit: 30, cursor })}`),
    leave: (slug) => call("POST", `${of(slug)}/sessions/end`),
    ticket: async (slug) => (await call("POST", "/realtime/tickets", { artist: slug })).ticket,
  };
}

function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return new URLSearchParams(given).toString();
}
