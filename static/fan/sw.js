/**
 * The service worker. `self.release` comes from /sw.js: the release's name, where its files are, and which they are.
 *
 * A release's files are kept together, and with them the pages that name them. Pages come from the network as long as
 * it answers; without one the kept page opens, and what was written waits in the outbox. Nothing of a person is in
 * them: the API, sockets and the console never pass here.
 */

/** @type {{ name: string, static: string, files: string[] }} */
const release = /** @type {any} */ (self).release;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = `companion-${release.name}`;
const PATIENCE_MS = 4000; // a network that takes longer than this to begin a page is as good as none

worker.addEventListener("install", (event) => event.waitUntil(keepRelease()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("message", (event) => event.data === "activate" && worker.skipWaiting());
worker.addEventListener("fetch", (event) => {
  const answer = answerFor(event.request);
  if (answer) event.respondWith(answer);
});

async function keepRelease() {
  const cache = await caches.open(CACHE);
  await cache.addAll(release.files);
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = open.map((client) => new URL(client.url).pathname).filter(isPage);
  await Promise.all(pages.map((path) => keepPage(cache, path)));
}

/**
 * The page that is open when the worker comes, with what it needs to be painted.
 * @param {Cache} cache
 * @param {string} path
 */
async function keepPage(cache, path) {
  const home = homeOf(path);
  await Promise.all([home, `${home}/theme.css`].map(async (url) => keep(cache, url, await fetch(url))));
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("companion-") && name !== CACHE).map(dropCache));
  await worker.clients.claim();
}

/** @param {string} name */
function dropCache(name) {
  return caches.delete(name);
}

/**
 * Null for what is none of ours: the browser goes on as if there were no worker.
 * @param {Request} request
 */
function answerFor(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return null;
  if (url.pathname.startsWith(release.static)) return kept(request);
  if (isPage(url.pathname)) return networkFirst(request, homeOf(url.pathname));
  if (isStyle(url.pathname)) return networkFirst(request, url.pathname);
  return null;
}

/** @param {string} path */
function isPage(path) {
  return /^\/a\/[^/]+(\/(login|forgot|artist|settings))?$/.test(path);
}

/** @param {string} path */
function isStyle(path) {
  return /^\/a\/[^/]+\/(theme\.css|icon\.svg)$/.test(path);
}

/**
 * Every screen of an artist is one page: what it shows, it finds out for itself.
 * @param {string} path
 */
function homeOf(path) {
  return path.split("/").slice(0, 3).join("/");
}

/** @param {Request} request */
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/**
 * @param {Request} request
 * @param {string} key under which the answer is kept
 */
async function networkFirst(request, key) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (new URL(request.url).pathname === key) await keep(cache, key, response.clone());
    return response;
  } catch (error) {
    const found = await cache.match(key);
    if (found) return found;
    throw error;
  }
}

/**
 * A page of another release would ask for files that are not here.
 * @param {Cache} cache
 * @param {string} key
 * @param {Response} response
 */
async function keep(cache, key, response) {
  const of = response.headers.get("Companion-Release") ?? release.name;
  if (response.ok && !response.redirected && of === release.name) await cache.put(key, response);
}
