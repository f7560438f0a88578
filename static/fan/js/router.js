/**
 * The addresses of the app below /a/<slug>, and the browser's history over them.
 * @import { ViewName } from "./types.js"
 * @typedef {"home" | "login" | "forgot" | "artist" | "settings" | "memories"} Route home is the chat, or the welcome when signed out
 */

const ROUTES = /** @type {const} */ (["login", "forgot", "artist", "settings", "memories"]);

/**
 * @param {string} slug
 * @param {ViewName} view
 */
export function pathOf(slug, view) {
  const home = `/a/${encodeURIComponent(slug)}`;
  return view === "chat" || view === "signup" ? home : `${home}/${view}`;
}

/**
 * The address of one message of the chat.
 * @param {string} slug
 * @param {string} message its id
 */
export function messagePath(slug, message) {
  return `${pathOf(slug, "chat")}#message-${message}`;
}

/**
 * @param {string} pathname
 * @returns {Route}
 */
export function routeOf(pathname) {
  const last = pathname.split("/")[3];
  return ROUTES.find((route) => route === last) ?? "home";
}

/**
 * The doors stand open to strangers, and to nobody else.
 * @param {Route} route
 * @returns {route is "login" | "forgot"}
 */
export function isDoor(route) {
  return route === "login" || route === "forgot";
}

/** Which page the browser shows, and the way to another. */
export class Router {
  #slug;
  #window;

  /**
   * @param {string} slug
   * @param {Pick<Window, "history" | "location" | "addEventListener">} window
   */
  constructor(slug, window) {
    this.#slug = slug;
    this.#window = window;
  }

  get route() {
    return routeOf(this.#window.location.pathname);
  }

  /** The message that the address asks for, or "". */
  get message() {
    return /^#message-([\w-]+)$/.exec(this.#window.location.hash)?.[1] ?? "";
  }

  /**
   * A new entry in the history; nothing when the page is there already.
   * @param {ViewName} view
   * @param {string} [message] of the chat
   */
  go(view, message) {
    const path = message ? messagePath(this.#slug, message) : pathOf(this.#slug, view);
    const { pathname, hash } = this.#window.location;
    if (path !== pathname + hash) this.#window.history.pushState(null, "", path);
  }

  /**
   * The same entry under another address: back does not lead to the one that it replaces.
   * @param {ViewName} view
   */
  replace(view) {
    this.#window.history.replaceState(null, "", pathOf(this.#slug, view));
  }

  /**
   * Back and forward.
   * @param {() => void} work
   */
  onReturn(work) {
    this.#window.addEventListener("popstate", work);
  }
}
