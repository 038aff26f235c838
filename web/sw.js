// The service worker keeps the pages and their assets, so that they open without
// a network. Charts, births and everything else of the API never come near it.

const cacheName = "fortunet-page";
const assets = ["./assets"];
const pages = ["/", "/docs"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...pages, ...assets])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(fromCache(request));
  else if (pages.includes(url.pathname)) event.respondWith(fromNetwork(url.pathname, request));
});

/** Removes what this version of the page no longer uses. */
async function dropOld() {
  const cache = await caches.open(cacheName);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (!pages.includes(pathname) && !assets.includes(pathname)) await cache.delete(request);
  }
}

/** An asset's address changes when it does, so what is kept is right. */
async function fromCache(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(cacheName)).put(request, response.clone());
  return response;
}

/** A page is asked for anew, and comes from the cache when nobody answers. */
async function fromNetwork(path, request) {
  try {
    const response = await fetch(request);
    if (response.ok) {
      const cache = await caches.open(cacheName);
      await cache.put(path, response.clone());
    }
    return response;
  } catch (err) {
    const kept = await caches.match(path);
    if (kept) return kept;
    throw err;
  }
}
