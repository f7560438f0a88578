/** Puts the page together. */

import { createApi } from "./api.js";
import { App } from "./app.js";
import { createAuth, REFRESH_KEY } from "./auth.js";
import { keepAboveKeyboard } from "./keyboard.js";
import { followTheme } from "./preferences.js";
import { Router } from "./router.js";
import { watchForUpdate } from "./updates.js";
import { fetchTheRest } from "./views.js";

/** @type {HTMLMetaElement | null} */
const facts = document.querySelector("meta[name=companion-artist]");
const artist = JSON.parse(facts?.content ?? "{}");
const fetch = (/** @type {string} */ url, /** @type {RequestInit | undefined} */ options) => window.fetch(url, options);
const auth = createAuth({ fetch, storage: localStorage, tab: sessionStorage, locks: navigator.locks });
const api = createApi({ fetch, auth });
const app = new App({ artist, api, auth, router: new Router(artist.slug, window) });

window.addEventListener("offline", () => app.networkChanged(false));
window.addEventListener("online", () => app.networkChanged(true));
window.addEventListener("storage", ({ key }) => key === REFRESH_KEY && void app.loginChanged());
keepAboveKeyboard();
followTheme();
await app.start();
watchForUpdate();
fetchTheRest();
