/**
 * Who is here decides what is shown: the doors to strangers, the artist's rooms to fans. One ChatSession lives here
 * across the views of a fan.
 * @import { Api, Artist, Auth, Me, View, ViewContext, ViewName } from "./types.js"
 * @import { Router } from "./router.js"
 * @typedef {keyof typeof VIEWS} Screen
 * @typedef {ReturnType<typeof openSession>} Opened
 */

import { SignedOut } from "./auth.js";
import { showTrouble } from "./calm_page.js";
import { setCookie } from "./cookies.js";
import { mustAcknowledge } from "./disclosures.js";
import { gettext } from "./i18n.js";
import { forgetFan, hasJoined, keepJoined } from "./keepsakes.js";
import { speakAs } from "./languages.js";
import { forgetWhatIsLeft, openSession } from "./open_session.js";
import { Disconnected, Problem } from "./problems.js";
import { isDoor } from "./router.js";
import { VIEWS } from "./views.js";

export class App {
  #artist;
  #api;
  #auth;
  #router;
  /** @type {Me | null} */
  #me = null;
  /** @type {Opened | null} */
  #opened = null;
  /** @type {View | null} */
  #view = null;
  /** Counts what was asked for: a view whose module comes too late is not shown. */
  #asked = 0;
  /** Counts the ends of a fan's time here: what was begun before one and is refused after it is no news. */
  #ends = 0;
  #why = "";

  /** @param {{ artist: Artist, api: Api, auth: Auth, router: Router }} parts */
  constructor({ artist, api, auth, router }) {
    this.#artist = artist;
    this.#api = api;
    this.#auth = auth;
    this.#router = router;
  }

  start() {
    this.#router.onReturn(() => void this.#open());
    return this.#open();
  }

  /** @param {boolean} isOnline */
  networkChanged(isOnline) {
    if (isOnline) this.#opened?.session.online();
    else this.#opened?.session.offline();
  }

  /** Another tab has logged in or out. */
  async loginChanged() {
    const isSignedIn = this.#auth.isRemembered();
    if (isSignedIn === (this.#opened !== null)) return;
    if (isSignedIn) await this.#open();
    else await this.#leave(gettext("You logged out in another tab."));
  }

  /** @param {ViewName} name @param {string} [message] */
  async #go(name, message) {
    this.#router.go(name, message);
    await this.#open();
  }

  /**
   * Shows what belongs to the address.
   * @param {string[]} ticked disclosures that were ticked at sign-up
   */
  async #open(ticked = []) {
    await this.#step(async () => {
      const isSignedIn = this.#auth.isRemembered();
      setCookie("signed_in", isSignedIn ? "1" : "");
      const { route } = this.#router;
      if (!isSignedIn) return this.#show(isDoor(route) ? route : "signup");
      if (isDoor(route)) this.#router.replace("chat");
      if (!this.#opened && !(await this.#enter(ticked))) return (await this.#speaksAnother()) ? undefined : this.#show("join");
      return this.#show(isDoor(route) || route === "home" ? "chat" : route);
    });
  }

  /**
   * Runs a step of the way; what goes wrong becomes a page that says so.
   * @param {() => Promise<void>} work
   */
  async #step(work) {
    const ends = this.#ends;
    try {
      await work();
    } catch (error) {
      if (error instanceof SignedOut) await this.#refused(ends);
      else if (isTrouble(error)) this.#showTrouble(error, work);
      else throw error;
    }
  }

  /**
   * @param {Problem | Disconnected} error
   * @param {() => Promise<void>} work
   */
  #showTrouble(error, work) {
    this.#asked += 1;
    this.#drop();
    if (error instanceof Problem && error.code === "underage") this.#end();
    showTrouble(error, () => void this.#step(work));
  }

  /** @param {Screen} name */
  async #show(name) {
    const asked = ++this.#asked;
    const view = await VIEWS[name]().catch(awayWhenUnread);
    if (asked !== this.#asked) return;
    const isFirst = this.#view === null;
    this.#drop();
    this.#view = view(this.#context());
    document.title = this.#view.title;
    if (!isFirst) moveFocus();
  }

  #drop() {
    this.#view?.dispose();
    this.#view = null;
  }

  /** @returns {ViewContext} */
  #context() {
    const why = this.#why;
    const ends = this.#ends;
    this.#why = "";
    const { session, store } = /** @type {Opened} */ (this.#opened ?? {}); // the doors ask for neither
    return {
      slug: this.#artist.slug,
      artist: this.#artist,
      me: this.#me,
      api: this.#api,
      auth: this.#auth,
      session,
      store,
      go: (name, message) => void this.#go(name, message),
      sought: this.#router.message,
      logOut: () => this.#logOut(),
      leave: (why) => (why ? this.#leave(why) : this.#refused(ends)),
      why,
      entered: (ticked) => this.#open(ticked),
    };
  }

  /**
   * Opens the session; false when there is something to acknowledge first. Who has joined on this device before does
   * not wait for the server to say so: it may be away.
   * @param {string[]} ticked
   */
  async #enter(ticked) {
    const isKnown = ticked.length === 0 && hasJoined(this.#artist.slug, localStorage);
    if (!isKnown && !(await this.#join(ticked))) return false;
    if (this.#opened) return true; // another step came first while this one waited
    const opened = openSession({
      slug: this.#artist.slug,
      api: this.#api,
      artist: this.#artist,
      onStopped: (why) => void (opened === this.#opened && this.#step(() => this.#stopped(why))),
    });
    this.#opened = opened;
    if (!navigator.onLine) this.#opened.session.offline();
    void this.#step(async () => this.#opened?.session.start());
    void forgetWhatIsLeft(this.#artist.slug, this.#api);
    void this.#step(() => this.#refresh(isKnown));
    return true;
  }

  /**
   * Joins with what was ticked at sign-up; false when the law of this person asks for more.
   * @param {string[]} ticked
   */
  async #join(ticked) {
    const { slug } = this.#artist;
    this.#artist = await this.#api.artist(slug);
    if (!this.#artist.joined) {
      const required = mustAcknowledge((await this.#api.disclosures(slug)).items);
      if (!required.every((id) => ticked.includes(id))) return false;
      await this.#api.join(slug, required);
      this.#artist = { ...this.#artist, joined: true };
    }
    keepJoined(slug, true, localStorage);
    return true;
  }

  /** What is to be acknowledged is read in the fan's own language: the page begins anew in it. */
  async #speaksAnother() {
    this.#me = await this.#api.me();
    return speakAs(this.#me.language);
  }

  /**
   * What the server says of the artist and the fan by now. No haste: a network that is away changes nothing.
   * @param {boolean} withArtist
   */
  async #refresh(withArtist) {
    try {
      if (await this.#speaksAnother()) return undefined;
      if (withArtist) this.#artist = await this.#api.artist(this.#artist.slug);
    } catch (error) {
      return ignoreTrouble(error);
    }
    return this.#artist.joined ? undefined : this.#stopped("forbidden");
  }

  /**
   * The socket was refused for good: a token that only ran out is renewed, a login that ended is not.
   * @param {string} why
   */
  async #stopped(why) {
    if (why === "forbidden") {
      this.#end();
      await this.#open();
    } else if (why === "unauthenticated") {
      const stopped = this.#opened;
      await this.#auth.renew();
      if (this.#opened === stopped) await stopped?.session.reconnect();
    }
  }

  async #logOut() {
    if (this.#opened) await this.#api.leave(this.#artist.slug).catch(ignoreTrouble);
    this.#opened?.session.outbox.clear();
    await this.#auth.logOut().catch(ignoreTrouble);
    this.#end();
    forgetFan({ local: localStorage, session: sessionStorage });
    await this.#go("login");
  }

  /**
   * The login is over, as a refusal told; who has left by then has been told why.
   * @param {number} ends how many there had been when that was asked for which is refused
   */
  async #refused(ends) {
    if (ends === this.#ends) await this.#leave(gettext("Your session has ended. Log in again to go on."));
  }

  /** @param {string} why is said above the log-in */
  async #leave(why) {
    this.#auth.forget();
    this.#end();
    this.#why = why;
    this.#router.replace("login");
    await this.#open();
  }

  #end() {
    this.#ends += 1;
    this.#opened?.session.stop();
    this.#opened = null;
    this.#me = null;
    keepJoined(this.#artist.slug, false, localStorage);
  }
}

/** A view that does not place the focus itself starts at its heading; who listens hears where she is. */
function moveFocus() {
  window.scrollTo(0, 0);
  const app = document.getElementById("app");
  if (!app?.contains(document.activeElement)) app?.querySelector("h1")?.focus();
}

/**
 * A module that could not be fetched: a TypeError, to the browser. What is wrong inside of one is passed on.
 * @param {unknown} cause
 * @returns {never}
 */
function awayWhenUnread(cause) {
  throw cause instanceof TypeError ? new Disconnected("the app could not be loaded", { cause }) : cause;
}

/** @param {unknown} error @returns {error is Problem | Disconnected} */
function isTrouble(error) {
  return error instanceof Problem || error instanceof Disconnected;
}

/** Leaving works without a network too; only a mistake of ours is passed on. @param {unknown} error */
function ignoreTrouble(error) {
  if (!isTrouble(error) && !(error instanceof SignedOut)) throw error;
}
