/**
 * The addresses of the app below /a/<slug>, and the browser's history over them.
 * @import { ViewName } from "./types.js"
 * @typedef {"home" | "login" | "forgot" | "artist" | "settings"} Route home is the chat, or the welcome when signed out
 */

const ROUTES = /** @type {const} */ (["login", "forgot", "artist", "settings"]);

/**
 * @param {string} slug
 * @param {ViewName} view
 */
export function pathOf(slug, view) {
  const home = `/a/${encodeURIComponent(slug)}`;
  return view === "chat" || view === "signup" ? home : `${home}/${view}`;
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

  /**
   * A new entry in the history; nothing when the page is there already.
   * @param {ViewName} view
   */
  go(view) {
    const path = pathOf(this.#slug, view);
    if (path !== this.#window.location.pathname) this.#window.history.pushState(null, "", path);
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
