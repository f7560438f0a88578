/**
 * What can go wrong between the page and the server, as errors that the page understands.
 * @import { Fetch, ProblemBody } from "./types.js"
 */

/** An answer that says no. `code` is the contract's; `body` the whole problem document. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {ProblemBody} body
   */
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? (status === 401 ? "unauthenticated" : "unavailable");
    this.body = body;
  }

  get retryAfterMs() {
    return this.body.retry_after_s === undefined ? undefined : this.body.retry_after_s * 1000;
  }
}

/** No answer came: the network is away. Trying again helps. */
export class Disconnected extends Error {}

/**
 * fetch, with a network failure told apart from an answer.
 * @param {Fetch} fetch
 * @param {string} url
 * @param {RequestInit} options
 */
export async function reach(fetch, url, options) {
  try {
    return await fetch(url, options);
  } catch (cause) {
    throw new Disconnected("the server cannot be reached", { cause });
  }
}

/**
 * The JSON of an answer, or an empty object when it has none (a proxy's page, 204). One that the network cut in the
 * middle is none.
 * @param {Response} response
 * @returns {Promise<any>}
 */
export async function bodyOf(response) {
  const text = await response.text().catch((cause) => {
    throw new Disconnected("the answer did not come whole", { cause });
  });
  try {
    return JSON.parse(text);
  } catch {
    return {}; // the status alone tells
  }
}
