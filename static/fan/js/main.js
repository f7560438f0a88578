/** Puts the page together: who is here decides what is shown. */

import { createApi } from "./api.js";
import { createAuth, REFRESH_KEY, SignedOut } from "./auth.js";
import { calmPage } from "./calm_page.js";
import { chatView } from "./chat.js";
import { ChatSession, START } from "./chat_session.js";
import { join } from "./join.js";
import { logInView } from "./login.js";
import { Disconnected, Problem } from "./problems.js";
import { signUpView } from "./signup.js";
import { createStore } from "./store.js";
import { newId } from "./ids.js";

const slug = document.querySelector("meta[name=companion-artist]").content;
const fetch = (url, options) => window.fetch(url, options);
const auth = createAuth({ fetch, storage: localStorage, locks: navigator.locks });
const api = createApi({ fetch, auth });

let artist = null;
let session = null;

const go = {
  entered,
  joined: openChat,
  leave: logOut,
  underage: showUnderage,
  confirm: showConfirm,
  mailed: showMailed,
};

/** Runs a step of the way in; what goes wrong becomes a page that says so. */
async function step(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof SignedOut) return step(() => showDoor("Log in again to go on."));
    if (error instanceof Problem || error instanceof Disconnected) return showTrouble(error, work);
    throw error;
  }
}

async function start() {
  if (auth.isRemembered()) return entered([]);
  return showDoor();
}

/** Sign-up, or log-in at #login. */
async function showDoor(why) {
  endSession();
  setArtist(artist ?? (await api.publicArtist(slug)));
  if (why || location.hash === "#login") return logInView({ artist, auth, go, why });
  return signUpView({ artist, api, auth, go });
}

async function entered(ticked) {
  await step(async () => {
    setArtist(await api.artist(slug));
    return artist.joined ? openChat() : join({ artist, api, ticked, go });
  });
}

function openChat() {
  const store = createStore(START);
  session = new ChatSession({
    slug,
    api,
    store,
    artist,
    storage: localStorage,
    memory: sessionStorage,
    connect,
    newId,
    now: () => new Date().toISOString(),
    onStopped: (why) => step(() => stopped(why)),
  });
  chatView({ artist, session, store, onLogOut: logOut });
  if (!navigator.onLine) session.offline();
  return session.start();
}

function connect(ticket) {
  const url = new URL(`/ws/v1/artists/${encodeURIComponent(slug)}/chat`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", ticket);
  return new WebSocket(url);
}

/** The socket was refused for good: a token that only ran out is renewed, a login that ended is not. */
async function stopped(why) {
  if (why === "forbidden") return entered([]);
  if (why !== "unauthenticated") return undefined; // the view says it
  await auth.renew();
  return session?.reconnect();
}

async function logOut() {
  await step(async () => {
    if (session) await api.leave(slug).catch(ignoreAway);
    session?.outbox.clear();
    sessionStorage.clear();
    await auth.logOut().catch(ignoreAway);
    history.replaceState(null, "", "#login");
    await showDoor();
  });
}

/** Leaving works without a network too; only a mistake of ours is passed on. */
function ignoreAway(error) {
  if (!(error instanceof Disconnected || error instanceof Problem || error instanceof SignedOut)) throw error;
}

async function leftElsewhere() {
  auth.forget();
  await showDoor("You logged out in another tab.");
}

function endSession() {
  session?.stop();
  session = null;
}

function setArtist(next) {
  artist = next;
  document.documentElement.style.setProperty("--accent-hue", artist.accent_hue);
  document.title = `${artist.name}, AI persona`;
}

function showUnderage() {
  auth.forget();
  const text = "This is for people who are older than you are now. Nothing that you typed was kept.";
  calmPage({ title: "Come back when you’re older", text });
}

function showConfirm(email) {
  const action = { label: "Log in", run: () => step(() => showDoor("Confirmed? Then log in here.")) };
  calmPage({ title: "Look in your inbox", text: `We sent a link to ${email}. Open it, then log in.`, action });
}

function showMailed(email) {
  const text = `If ${email} has an account, a link to set a new password is on its way.`;
  calmPage({ title: "Look in your inbox", text, action: { label: "Back to log in", run: () => step(showDoor) } });
}

function showTrouble(error, work) {
  const action = { label: "Try again", run: () => step(work) };
  if (error instanceof Disconnected) {
    return calmPage({ title: "No connection", text: "Check the network, then try again.", action });
  }
  if (error.code === "not_found") return calmPage({ title: "Nobody is here", text: "This address has no artist." });
  if (error.code === "paused") return calmPage({ title: "Paused for now", text: "Please come back later.", action });
  return calmPage({ title: "That did not work", text: error.message, action });
}

window.addEventListener("offline", () => session?.offline());
window.addEventListener("online", () => session?.online());
window.addEventListener("hashchange", () => session || auth.isRemembered() || step(showDoor));
window.addEventListener("storage", ({ key, newValue }) => {
  if (session && key === REFRESH_KEY && newValue === null) step(leftElsewhere);
});
step(start);
