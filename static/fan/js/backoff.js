/** When to connect again, and what a closed socket means (close codes of the contract). Pure. */

const FIRST_MS = 400;
const LONGEST_MS = 15_000;

/**
 * Doubles with each attempt (from 0); the random half keeps a crowd from coming back at once.
 * @param {number} attempt
 * @param {number} random 0 to 1
 */
export function reconnectDelay(attempt, random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random / 2));
}

const PAUSED_MS = 5_000; // then the ticket's Retry-After rules

/**
 * What to do next, and why; waitMs is the server's own hint.
 * @param {number} code
 * @param {string} reason
 * @returns {{ next: "again" | "stop", why: string, waitMs?: number }}
 */
export function meaningOfClose(code, reason) {
  if (code === 1012) return { next: "again", why: "restart", waitMs: hinted(reason) };
  if (code === 4401) return { next: "again", why: "ticket" };
  if (code === 4403 && reason === "paused") return { next: "again", why: "paused", waitMs: PAUSED_MS };
  if (code === 4403) return { next: "stop", why: reason === "sanctioned" ? "sanctioned" : "unauthenticated" };
  if (code === 4404) return { next: "stop", why: "not_found" };
  if (code === 4429) return { next: "stop", why: "crowded" };
  return { next: "again", why: "lost" };
}

/** @param {string} reason */
function hinted(reason) {
  const found = /retry_after_ms=(\d+)/.exec(reason);
  return found ? Math.min(Number(found[1]), 60_000) : undefined;
}
