/* The session of a tab: warns five minutes before it ends, keeps forms' drafts, forgets them at signing out.
 * A request of any tab keeps the session in use, so tabs tell each other when they ask for something. */

import * as drafts from "../lib/drafts.js";
import { minutesLeft, secondsLeft, stateAt } from "../lib/session_clock.js";

const LOOK_MS = 1000;
const ASKED = "koopsuz-mektep-asked";

export function mount(element) {
  const store = window.sessionStorage;
  const account = element.dataset.account ?? "";
  drafts.settle(store, account);
  for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", () => drafts.forget(store));
  if (!account) return;
  for (const form of document.querySelectorAll("form[data-draft]")) follow(store, account, form);
  watch(element);
}

function follow(store, account, form) {
  const name = drafts.nameOf(account, window.location.pathname, form.dataset.draft);
  const draft = drafts.kept(store, name);
  if (draft && drafts.fill(form.elements, draft)) {
    const note = form.querySelector("[data-draft-note]");
    if (note) note.hidden = false;
  }
  form.addEventListener("input", () => drafts.keep(store, name, drafts.collect(form.elements)));
  form.addEventListener("submit", () => { drafts.keep(store, name, drafts.collect(form.elements)); drafts.send(store, name); });
}

function watch(element) {
  const clock = { ends: Date.now() + 1000 * Number(element.dataset.seconds), seen: Date.now(), idle: Number(element.dataset.idle) };
  hear(clock);
  let shown = "running";
  const [warning, ended] = ["warning", "ended"].map((state) => element.querySelector(`[data-state=${state}]`));
  const look = () => {
    const seconds = secondsLeft(clock, Date.now());
    const state = stateAt(seconds);
    if (state === "warning") {
      const left = String(minutesLeft(seconds));
      const place = element.querySelector("[data-minutes]");
      if (place.textContent !== left) place.textContent = left;
    }
    if (state === shown) return;
    shown = state;
    element.hidden = state === "running";
    warning.hidden = state !== "warning";
    ended.hidden = state !== "ended";
  };
  element.querySelector("button").addEventListener("click", async () => {
    const body = new URLSearchParams({ csrf_token: element.dataset.token });
    const answer = await fetch(element.dataset.extend, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const left = answer?.ok ? await answer.json() : answer ? { seconds: 0, idle: 0 } : null;
    if (left !== null) Object.assign(clock, { ends: Date.now() + 1000 * left.seconds, seen: Date.now(), idle: left.idle });
    look();
  });
  look();
  window.setInterval(look, LOOK_MS);
}

/** Note requests of this tab beside its pages, and those of other tabs. */
function hear(clock) {
  const heard = () => { clock.seen = Date.now(); };
  const asked = () => { heard(); tell(); };
  window.addEventListener("storage", (event) => { if (event.key === ASKED) heard(); });
  asked();
  if (!("PerformanceObserver" in window)) return;
  const own = (entry) => entry.initiatorType === "fetch" && entry.name.startsWith(window.location.origin) && entry.responseStatus !== 0;
  new PerformanceObserver((list) => { if (list.getEntries().some(own)) asked(); }).observe({ type: "resource" });
}

function tell() {
  try {
    window.localStorage.setItem(ASKED, String(Date.now()));
  } catch {
    // Full or forbidden: each tab counts for itself.
  }
}
