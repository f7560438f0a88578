/** What the page says of the states that it cannot change. `name` is the artist's. */

import { gettext } from "./i18n.js";
import { Disconnected, Problem } from "./problems.js";

/** @import { ChatState, ConnectionState, ProblemBody } from "./types.js" */

/** @type {Record<string, () => string>} */
const REFUSALS = {
  rate_limited: () => gettext("That was a lot at once. Wait a moment"),
  quota_exhausted: () => gettext("Nothing is left of your messages for now"),
  acknowledgement_required: () => gettext("Read the notice first"),
  licence_missing: () => gettext("Not available where you are"),
  paused: () => gettext("Paused for now"),
  sanctioned: () => gettext("Writing is off for your account"),
  idempotency_mismatch: () => gettext("This could not be sent twice"),
};

/**
 * Why a message was not sent, in a few words.
 * @param {ProblemBody | null | undefined} problem
 */
export function refusalText(problem) {
  if (problem?.code === "validation_error") return problem.detail || gettext("This cannot be sent as it is");
  return REFUSALS[problem?.code ?? ""]?.() ?? gettext("Not sent");
}

/** @type {Record<string, (name: string) => [string, string]>} */
const BANNERS = {
  paused: (name) => [gettext("{name} is paused for now.", { name }), gettext("You can still read what was said.")],
  licence_missing: (name) => [
    gettext("{name} is not available where you are.", { name }),
    gettext("You can still read what was said."),
  ],
  sanctioned: () => [
    gettext("Writing is off for your account."),
    gettext("You can appeal: reply to the e-mail that you were sent."),
  ],
  crowded: () => [
    gettext("This chat is open in too many places."),
    gettext("Close one of them, then connect again."),
  ],
  not_found: (name) => [gettext("{name} is not here any more.", { name }), ""],
  restart: () => [gettext("One moment."), gettext("Connecting again.")],
};

/**
 * @typedef {object} Banner
 * @property {string} icon
 * @property {string} title
 * @property {string} text
 * @property {boolean} retry whether connecting again by hand may help
 */

/**
 * The banner above the thread, or null.
 * @param {Pick<ChatState, "connection" | "lostForLong" | "offline">} state
 * @param {string} name
 * @returns {Banner | null}
 */
export function bannerFor({ connection, lostForLong, offline }, name) {
  const later = gettext("Messages will send later.");
  if (offline) return { icon: "offline", title: gettext("You’re offline."), text: later, retry: false };
  if (connection.kind === "ready") return null;
  const told = BANNERS[connection.why ?? ""];
  if (told && (connection.why !== "restart" || lostForLong)) {
    const [title, text] = told(name);
    return { icon: "alert", title, text, retry: connection.why === "crowded" };
  }
  if (!lostForLong) return null;
  const text = `${gettext("Trying again.")} ${later}`;
  return { icon: "offline", title: gettext("No connection."), text, retry: false };
}

const CLOSING = ["paused", "sanctioned", "licence_missing", "not_found"];

/**
 * Writing is off while these last.
 * @param {ConnectionState} connection
 */
export function isClosed({ kind, why }) {
  return kind !== "ready" && CLOSING.includes(why ?? "");
}

/** What a person can do about a refusal, by its code: the server's own words may be in another language.
 * @type {Record<string, () => string>} */
const TROUBLES = {
  validation_error: () => gettext("This cannot be taken as it is. Check it and try again."),
  malformed: () => gettext("This cannot be taken as it is. Check it and try again."),
  too_large: () => gettext("That is too much at once. Make it shorter."),
  unauthenticated: () => gettext("Log in again to go on."),
  forbidden: () => gettext("This is not open to you."),
  sanctioned: () => gettext("Writing is off for your account."),
  underage: () => gettext("This is for people who are older than you are now."),
  not_found: () => gettext("This is not there any more."),
  conflict: () => gettext("The same is under way already. Try again in a moment."),
  acknowledgement_required: () => gettext("There is something to read first. Open the chat."),
  licence_missing: () => gettext("Not available where you are."),
};

/**
 * What a form says when the server could not take it. What is no answer of the server is a mistake of ours.
 * @param {unknown} error
 */
export function formTrouble(error) {
  if (error instanceof Disconnected) return gettext("No connection. Check the network and try again.");
  if (!(error instanceof Problem)) throw error;
  if (error.status === 429) return gettext("Too many tries. Wait a few minutes and try again.");
  if (error.status >= 500) return gettext("This is not available just now. Try again in a moment.");
  return TROUBLES[error.code]?.() ?? gettext("That did not work. Try again.");
}
