/* Answers and photos that wait on the device: kept in IndexedDB, sent in their order, each under a key of its own. */

const DATABASE = "assess";
const STORE = "outbox";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @returns {Promise<IDBDatabase>} */
export function open(factory = indexedDB) {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
  return done(request);
}

const store = (database, mode) => database.transaction(STORE, mode).objectStore(STORE);
export const add = (database, item) => done(store(database, "readwrite").add(item));
export const put = (database, item) => done(store(database, "readwrite").put(item));
export const remove = (database, item) => done(store(database, "readwrite").delete(item.number));

/** What waits of one account, in the order in which it was given. */
export const all = async (database, account) => (await done(store(database, "readonly").getAll())).filter((one) => one.account === account);

/** Whether two items are about the same question at the same place. */
export const isSame = (one, other) => one.kind === "answer" && other.kind === "answer" && one.visit === other.visit
  && one.fields.criterion === other.fields.criterion && (one.fields.building || "") === (other.fields.building || "");

/**
 * What an answer of the server makes of an item. `stop`: nothing more is sent now, the item waits.
 * @param {number} status - 0: no network
 * @param {object | null} told - the body
 * @returns {"kept" | "conflict" | "refused" | "stop"}
 */
export function outcome(status, told) {
  if (status >= 200 && status < 300) return "kept";
  if (status === 409 && told?.now) return "conflict";
  if ([403, 404, 409, 413, 415, 422].includes(status)) return "refused";
  return "stop";
}

/**
 * Send what waits, one after the other. Whoever answers a question again bases on what arrived before.
 * @param {(item: object) => Promise<{status: number, told: object | null}>} send
 * @param {(item: object, what: string, told: object | null) => void} show
 */
export async function flush(database, account, send, show) {
  let items = (await all(database, account)).filter((one) => one.state === "waiting");
  while (items.length) {
    const [item] = items;
    const { status, told } = await send(item);
    const what = outcome(status, told);
    if (what === "stop") return status;
    const later = (await all(database, account)).filter((one) => one.state === "waiting" && one.number !== item.number); /* some came meanwhile */
    const next = later.filter((one) => isSame(one, item));
    if (what === "kept" || next.length) await remove(database, item);
    if (what === "kept") {
      for (const one of next) await put(database, { ...one, fields: { ...one.fields, base_version: told.version } });
    } else if (!next.length) {
      await put(database, { ...item, state: what, told });
    }
    show(item, what, told);
    items = (await all(database, account)).filter((one) => one.state === "waiting");
  }
  return 200;
}
