/** What the page says of the states that it cannot change. `name` is the artist's. */

import { Disconnected, Problem } from "./problems.js";

const REFUSALS = {
  rate_limited: "That was a lot at once. Wait a moment",
  quota_exhausted: "Nothing is left of your messages for now",
  acknowledgement_required: "Read the notice first",
  licence_missing: "Not available where you are",
  paused: "Paused for now",
  sanctioned: "Writing is off for your account",
  idempotency_mismatch: "This could not be sent twice",
};

/** Why a message was not sent, in a few words. */
export function refusalText(problem) {
  if (problem?.code === "validation_error") return problem.detail || "This cannot be sent as it is";
  return REFUSALS[problem?.code] ?? "Not sent";
}

const BANNERS = {
  paused: (name) => [`${name} is paused for now.`, "You can still read what was said."],
  licence_missing: (name) => [`${name} is not available where you are.`, "You can still read what was said."],
  sanctioned: () => ["Writing is off for your account.", "Reply to the e-mail you were sent if this is a mistake."],
  crowded: () => ["This chat is open in too many places.", "Close one of them, then connect again."],
  not_found: (name) => [`${name} is not here any more.`, ""],
  restart: () => ["One moment.", "Connecting again."],
};

/** {title, text, retry} of the banner above the thread, or null. */
export function bannerFor({ connection, lostForLong, offline }, name) {
  if (offline) return { icon: "offline", title: "You’re offline.", text: "Messages will send later.", retry: false };
  const told = connection.kind === "ready" ? null : BANNERS[connection.why];
  if (told && (connection.why !== "restart" || lostForLong)) {
    const [title, text] = told(name);
    return { icon: "alert", title, text, retry: connection.why === "crowded" };
  }
  if (!lostForLong || connection.kind === "ready") return null;
  return { icon: "offline", title: "No connection.", text: "Trying again. Messages will send later.", retry: false };
}

/** Writing is off while these last. */
export function isClosed({ kind, why }) {
  return kind !== "ready" && ["paused", "sanctioned", "licence_missing", "not_found"].includes(why);
}

/** What a form says when the server could not take it. What is no answer of the server is a mistake of ours. */
export function formTrouble(error) {
  if (error instanceof Disconnected) return "No connection. Check the network and try again.";
  if (!(error instanceof Problem)) throw error;
  if (error.status === 429) return "Too many tries. Wait a few minutes and try again.";
  if (error.status >= 500) return "This is not available just now. Try again in a moment.";
  return error.message;
}
