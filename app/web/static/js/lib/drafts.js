/* What somebody typed into a form, kept in the tab until it has arrived. Pure but for the store that is handed in. */

const KEPT = "draft:";
const SENT = "sent:";
const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

/**
 * @param {string} account - whose draft it is
 * @param {string} path - of the page
 * @param {string} name - of the form on it
 */
export const nameOf = (account, path, name) => `${account}|${path}|${name}`;

const isChosen = (field) => field.type === "checkbox" || field.type === "radio";

/** What the page came with: a draft holds only what somebody changed, so that it never undoes another's change. */
function isUntouched(field) {
  if (isChosen(field)) return field.checked === field.defaultChecked;
  if (field.options) return field.value === ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
  return field.value === field.defaultValue;
}

/** @param {Iterable<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>} fields - of a form */
export function collect(fields) {
  const kept = [];
  for (const field of fields) {
    if (!field.name || LEFT_OUT.has(field.type) || isUntouched(field)) continue;
    kept.push([field.name, field.value, isChosen(field) ? field.checked : null]);
  }
  return kept;
}

/** Put a draft back; returns whether anything differs from what the page came with. */
export function fill(fields, draft) {
  let differs = false;
  const left = [...draft];
  for (const field of fields) {
    const isChoice = isChosen(field);
    const at = left.findIndex(([name, value, checked]) => name === field.name && (isChoice ? checked !== null && value === field.value : checked === null));
    if (at < 0 || LEFT_OUT.has(field.type)) continue;
    const [, value, checked] = left.splice(at, 1)[0];
    if (isChoice && field.checked !== checked) { field.checked = checked; differs = true; }
    if (!isChoice && field.value !== value) { field.value = value; differs = true; }
  }
  return differs;
}

export const keep = (store, name, draft) => store.setItem(KEPT + name, JSON.stringify(draft));
export const kept = (store, name) => JSON.parse(store.getItem(KEPT + name) ?? "null");

/** The form was sent: whether it arrived is known when the next page has come. */
export function send(store, name) {
  const draft = store.getItem(KEPT + name);
  if (draft !== null) { store.setItem(SENT + name, draft); store.removeItem(KEPT + name); }
}

/** The next page has come: to somebody who is signed in (it arrived, others' drafts go), or not (it did not). */
export function settle(store, account) {
  for (const key of keys(store)) {
    if (key.startsWith(SENT)) {
      if (!account) store.setItem(KEPT + key.slice(SENT.length), store.getItem(key));
      store.removeItem(key);
    } else if (account && key.startsWith(KEPT) && !key.startsWith(`${KEPT}${account}|`)) store.removeItem(key);
  }
}

/** Somebody signs out: nothing that was typed stays. */
export function forget(store) {
  for (const key of keys(store)) if (key.startsWith(KEPT) || key.startsWith(SENT)) store.removeItem(key);
}

const keys = (store) => Array.from({ length: store.length }, (_, at) => store.key(at));
