/** The service worker, and the quiet prompt when it has a new version of the app ready. */

import { el } from "./dom.js";
import { gettext } from "./i18n.js";

/** Starts the worker. A new version waits until the fan asks for it: no reload in the middle of a reply. */
export function watchForUpdate() {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return; // an insecure origin, or a browser in private mode
  let isAsked = false;
  const offer = (/** @type {ServiceWorker} */ worker) =>
    showUpdate(() => {
      isAsked = true;
      worker.postMessage("activate");
    });
  serviceWorker.addEventListener("controllerchange", () => isAsked && location.reload());
  const follows = (/** @type {ServiceWorkerRegistration | undefined} */ found) => found && follow(found, offer);
  serviceWorker.register("/sw.js").then(follows, ignoreRefusal); // where workers are blocked it may resolve to nothing
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {(worker: ServiceWorker) => void} offer
 */
function follow(registration, offer) {
  const isUpdate = () => navigator.serviceWorker.controller !== null;
  if (registration.waiting && isUpdate()) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => worker.state === "installed" && isUpdate() && offer(worker));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && navigator.onLine) registration.update().catch(ignoreRefusal);
  });
}

/**
 * Offers the new version. Sent away, it is offered again when the app is opened the next time.
 * @param {() => void} reload
 */
function showUpdate(reload) {
  const place = document.getElementById("update");
  const words = el("span", { text: gettext("A new version is ready.") });
  place?.replaceChildren(words, button(gettext("Not now"), () => place.replaceChildren()), button(gettext("Reload"), reload));
}

/**
 * @param {string} text
 * @param {() => void} onclick
 */
function button(text, onclick) {
  return el("button", { type: "button", class: "again", text, onclick });
}

/** The app works without its worker: full storage or a network that is away is no trouble of the fan's. */
function ignoreRefusal() {}
