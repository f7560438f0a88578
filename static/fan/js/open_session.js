/**
 * The one ChatSession of a page that is signed in, with what the browser lends it, and the store that the views watch.
 * @import { Api, Artist } from "./types.js"
 */

import { ChatSession } from "./chat_session.js";
import { START } from "./chat_state.js";
import { newId } from "./ids.js";
import { forgetKey } from "./keepsakes.js";
import { tellOfReply } from "./notify.js";
import { createStore } from "./store.js";

/**
 * @param {{ slug: string, api: Api, artist: Artist, onStopped: (why: string) => void }} parts
 */
export function openSession({ slug, api, artist, onStopped }) {
  const store = createStore(START);
  const session = new ChatSession({
    slug,
    api,
    store,
    artist,
    storage: localStorage,
    memory: sessionStorage,
    connect: (/** @type {string} */ ticket) => connect(slug, ticket),
    newId,
    now: () => new Date().toISOString(),
    onStopped,
    onReply: () => void tellOfReply(artist),
  });
  return { session, store };
}

/**
 * Tells the server what was to be forgotten when the network was cut; mostly there is nothing, and nothing is loaded.
 * @param {string} slug
 * @param {Api} api
 */
export async function forgetWhatIsLeft(slug, api) {
  if (localStorage.getItem(forgetKey(slug)) === null) return;
  const module = await import("./forgetting.js").catch(() => null); // it stays noted for the next visit
  if (!module) return;
  const forget = (/** @type {string} */ id) => api.forgetMemory(slug, id);
  await new module.Forgetting({ slug, storage: localStorage, forget, became: () => undefined }).resend();
}

/**
 * @param {string} slug
 * @param {string} ticket
 */
function connect(slug, ticket) {
  const url = new URL(`/ws/v1/artists/${encodeURIComponent(slug)}/chat`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", ticket);
  return new WebSocket(url);
}
