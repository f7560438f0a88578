/** Calls of which the page only wants to know whether they worked. */

import { SignedOut } from "./auth.js";
import { Disconnected, Problem } from "./problems.js";

/**
 * The answer, or null when it did not come. A mistake of ours is passed on.
 * @template Answer
 * @param {() => Promise<Answer>} call
 * @param {(why: string) => void} onStopped told when the login has ended
 * @returns {Promise<Answer | null>}
 */
export async function tried(call, onStopped) {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SignedOut) onStopped("unauthenticated");
    else if (!(error instanceof Problem || error instanceof Disconnected)) throw error;
    return null;
  }
}
