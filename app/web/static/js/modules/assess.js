/* Assessing with a bad network: what is answered is kept on the device first, then sent; a conflict is for the person. */

import * as outbox from "../lib/outbox.js";

const AGAIN_MS = 15000;
const PAGES = "assess-pages-";
const FILES = "assess-files";

export async function mount(element) {
  const { account, token } = element.dataset;
  if (!account || !("indexedDB" in window)) return;
  const database = await outbox.open();
  const page = { element, account, token, database, words: element.querySelector("[data-words]").dataset };
  for (const form of document.querySelectorAll("form[data-answer]")) form.addEventListener("submit", (event) => keepAnswer(page, form, event));
  for (const form of document.querySelectorAll("form[data-autosave]")) form.addEventListener("change", () => form.requestSubmit(form.querySelector("[data-save]")));
  for (const form of document.querySelectorAll("form[data-evidence]")) form.addEventListener("submit", (event) => keepFile(page, form, event));
  for (const form of document.querySelectorAll("form[data-sign-out], form[data-hand-over]")) form.addEventListener("submit", (event) => guard(page, form, event));
  element.querySelector("[data-send]").addEventListener("click", () => send(page));
  window.addEventListener("online", () => send(page));
  window.setInterval(() => page.waiting && send(page), AGAIN_MS);
  await show(page);
  element.dataset.ready = "yes";
  keepPages(page);
  send(page);
}

function fieldsOf(form, submitter) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token"));
  if (submitter?.name) fields[submitter.name] = submitter.value;
  return fields;
}

async function keepAnswer(page, form, event) {
  if (event.submitter?.hasAttribute("formaction")) {
    if (page.waiting) { event.preventDefault(); send(page); }
    return;
  }
  event.preventDefault();
  const fields = fieldsOf(form, event.submitter);
  const pressed = form.querySelector("[aria-pressed=true]");
  if (event.submitter?.hasAttribute("data-by-number") && !fields.value && !fields.rooms) return;
  await outbox.add(page.database, {
    account: page.account, visit: page.element.dataset.visit, kind: "answer", state: "waiting", address: form.action, page: window.location.pathname, form: form.id, shown: event.submitter?.textContent.trim() ?? "",
    fields: { ...fields, base_version: form.dataset.version, key: crypto.randomUUID(), answered_at: new Date().toISOString() },
  });
  if (fields.state) {
    pressed?.setAttribute("aria-pressed", "false");
    event.submitter?.setAttribute("aria-pressed", "true");
  }
  form.querySelector("[data-kept]").textContent = page.words.kept;
  await show(page);
  send(page);
}

async function keepFile(page, form, event) {
  event.preventDefault();
  const input = form.querySelector("input[type=file]");
  if (!input.files.length) return;
  await outbox.add(page.database, {
    account: page.account, visit: page.element.dataset.visit, kind: "file", state: "waiting", address: form.action, page: window.location.pathname, form: form.id, shown: input.files[0].name,
    fields: { ...fieldsOf(form, event.submitter), key: crypto.randomUUID() }, file: input.files[0], name: input.files[0].name,
  });
  form.reset();
  form.querySelector("[data-kept]").textContent = page.words.photo;
  await show(page);
  send(page);
}

async function ask(page, item) {
  const headers = { Accept: "application/json", "X-CSRFToken": page.token };
  let body;
  if (item.kind === "answer") {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(item.fields);
  } else {
    body = new FormData();
    for (const [name, value] of Object.entries(item.fields)) body.append(name, value);
    body.append("file", item.file, item.name);
  }
  try {
    const answer = await fetch(item.address, { method: "POST", headers, body, redirect: "error" });
    return { status: answer.status, told: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, told: null };
  }
}

async function send(page) {
  if (page.isSending) { page.isAsked = true; return; }
  page.isSending = true;
  const flush = () => outbox.flush(page.database, page.account, (item) => ask(page, item), (item, what, told) => showOne(page, item, what, told));
  try {
    do {
      page.isAsked = false;
      await (navigator.locks ? navigator.locks.request("assess-outbox", flush) : flush());
    } while (page.isAsked);
  } finally {
    page.isSending = false;
    await show(page);
  }
}

const formOf = (item) => (item.page === window.location.pathname ? document.getElementById(item.form) : null);

function showOne(page, item, what, told) {
  const form = formOf(item);
  if (!form || what !== "kept") return;
  form.querySelector("[data-kept]").textContent = [page.words.saved, ...(told.remarks ?? [])].join(". ");
  if (item.kind === "answer") stands(form, told);
}

/** Let the page say what stands: the answer, its day, the version that the next one is based on. */
function stands(form, now) {
  form.dataset.version = now.version;
  form.elements.base_version.value = now.version;
  form.querySelector(".still")?.remove();
  const word = form.querySelector("[data-state-word]");
  word.textContent = now.state_word;
  word.className = `st st-${now.state}`;
  form.querySelector("[data-more]").textContent = [now.value, now.share, now.evidence].filter(Boolean).join(" · ");
  for (const button of form.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", String(button.value === now.state));
}

async function show(page) {
  const items = await outbox.all(page.database, page.account);
  page.waiting = items.filter((one) => one.state === "waiting").length;
  const queue = page.element.querySelector("[data-queue]");
  queue.hidden = !page.waiting && !page.wasWaiting;
  page.wasWaiting ||= page.waiting > 0;
  queue.querySelector("[data-count]").textContent = page.waiting;
  queue.querySelector("[data-text=waiting]").hidden = !page.waiting;
  queue.querySelector("[data-send]").hidden = !page.waiting;
  queue.querySelector("[data-text=all]").hidden = page.waiting > 0;
  for (const old of document.querySelectorAll("[data-item]")) old.remove();
  for (const item of items) {
    const form = formOf(item);
    if (item.state === "waiting") { if (form) form.querySelector("[data-kept]").textContent = item.kind === "answer" ? `${page.words.kept}: ${item.shown}` : page.words.photo; }
    else (form ?? page.element.querySelector("[data-open-items]")).prepend(notice(page, item, form));
  }
}

const said = (one) => [one.state_word, one.value, one.share, one.note].filter(Boolean).join(" · ");

function notice(page, item, form) {
  const made = page.element.querySelector(`template[data-template=${item.state}]`).content.firstElementChild.cloneNode(true);
  made.dataset.item = item.number;
  if (!form) {
    const link = document.createElement("a");
    link.href = `${item.page}#${item.form}`;
    link.textContent = `${item.fields.criterion ?? ""}: ${page.words.elsewhere}`;
    made.querySelector("p").append(" ", link);
  }
  if (item.state === "conflict") {
    made.querySelector("[data-by]").textContent = item.told.by ? `(${item.told.by})` : "";
    made.querySelector("[data-now]").textContent = said(item.told.now);
    made.querySelector("[data-mine]").textContent = [item.shown, item.fields.value, item.fields.note].filter(Boolean).join(" · ");
    for (const button of made.querySelectorAll("[data-keep]")) button.addEventListener("click", () => decide(page, item, form, button.dataset.keep));
  } else {
    const refusal = item.told?.refusal ?? { what: item.told?.title ?? "", remedy: item.told?.detail ?? "" };
    made.querySelector("[data-what]").textContent = refusal.what;
    made.querySelector("[data-remedy]").textContent = refusal.remedy;
    made.querySelector("[data-drop]").addEventListener("click", async () => { await outbox.remove(page.database, item); await show(page); });
  }
  return made;
}

async function decide(page, item, form, whose) {
  if (whose === "mine") {
    const fields = { ...item.fields, base_version: item.told.now.version, key: crypto.randomUUID() };
    await outbox.put(page.database, { ...item, fields, state: "waiting", told: null });
  } else {
    await outbox.remove(page.database, item);
    if (form) { stands(form, item.told.now); form.querySelector("[data-kept]").textContent = ""; }
  }
  await show(page);
  send(page);
}

function guard(page, form, event) {
  if (!page.waiting) return;
  if (form.hasAttribute("data-hand-over")) { event.preventDefault(); send(page); return; }
  if (!window.confirm(page.words.leave)) event.preventDefault();
}

/** Keep this page and the domains of its assessment for times without a network; those of other people go. */
async function keepPages(page) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const worker = page.element.dataset.worker;
  await navigator.serviceWorker.register(worker, { scope: worker.replace(/\/worker\.js$/, "") }).catch(() => null);
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== PAGES + page.account) await caches.delete(name);
  if (!navigator.onLine) return;
  const [pages, files] = await Promise.all([caches.open(PAGES + page.account), caches.open(FILES)]);
  const links = [...document.querySelectorAll("a[data-keep-offline]")].map((link) => link.href);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.startsWith(`${window.location.origin}/static/`));
  const away = worker.replace(/worker\.js$/, "away");
  await Promise.allSettled([...new Set([window.location.href.split("#")[0], away, ...links])].map((address) => pages.add(address)));
  await Promise.allSettled([...new Set(loaded)].map((address) => files.add(address)));
  page.element.dataset.offline = "yes";
}
