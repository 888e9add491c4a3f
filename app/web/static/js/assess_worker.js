/* Keeps the pages of assessing readable without a network. What it shows was opened on this device by who is signed in;
   signing out clears it (Clear-Site-Data). It sends nothing: answers wait in the page's own queue. */

const PAGES = "assess-pages-";
const FILES = "assess-files";
const PAGE = /^\/[a-z]{2}\/assess(\/away|\/\d+(\/domains\/[^/]+)?)?$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(address.pathname)) event.respondWith(page(request, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request, address) {
  try {
    const answer = await fetch(request);
    const [name] = (await caches.keys()).filter((one) => one.startsWith(PAGES));
    if (answer.ok && !answer.redirected && name) await (await caches.open(name)).put(address.href, answer.clone());
    return answer;
  } catch {
    const kept = (await keptIn(address.origin + address.pathname)) ?? (await keptIn(`${address.origin}/${address.pathname.split("/")[1]}/assess/away`));
    return kept ?? Response.error();
  }
}

async function keptIn(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const kept = await (await caches.open(name)).match(address, { ignoreSearch: true });
    if (kept) return kept;
  }
  return undefined;
}

async function file(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(FILES)).put(request, answer.clone());
    return answer;
  } catch {
    return (await (await caches.open(FILES)).match(request, { ignoreSearch: true })) ?? Response.error();
  }
}
