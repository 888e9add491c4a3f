import assert from "node:assert/strict";
import { test } from "node:test";

import { collect, fill, forget, keep, kept, nameOf, send, settle } from "../../app/web/static/js/lib/drafts.js";
import { minutesLeft, stateAt } from "../../app/web/static/js/lib/session_clock.js";

const store = () => {
  const held = new Map();
  return {
    get length() { return held.size; },
    key: (at) => [...held.keys()][at],
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => held.set(key, String(value)),
    removeItem: (key) => held.delete(key),
  };
};
const fields = () => [
  { name: "csrf_token", type: "hidden", value: "t" },
  { name: "password", type: "password", value: "secret words" },
  { name: "why", type: "text", value: "", defaultValue: "" },
  { name: "kind", type: "radio", value: "a", checked: false, defaultChecked: false },
  { name: "kind", type: "radio", value: "b", checked: true, defaultChecked: true },
  { name: "floors", type: "number", value: "3", defaultValue: "3" },
  { name: "role", type: "select-one", value: "x", options: [{ value: "x", defaultSelected: true }, { value: "y" }] },
];
const NAME = nameOf("7", "/ky/schools/1/edit", "edit");

test("passwords, hidden fields and files are never kept, nor what nobody touched", () => {
  const typed = fields();
  typed[2].value = "x";
  typed[6].value = "y";

  assert.deepEqual(collect(fields()), []);
  assert.deepEqual(collect(typed), [["why", "x", null], ["role", "y", null]]);
});

test("a draft changes only what was typed, whatever the page holds by now", () => {
  const typed = fields();
  typed[2].value = "x";
  const page = fields();
  page[5].value = page[5].defaultValue = "4";

  fill(page, collect(typed));

  assert.deepEqual([page[2].value, page[5].value], ["x", "4"]);
});

test("a draft is put back into fields and choices", () => {
  const typed = fields();
  typed[2].value = "the roof leaks";
  typed[3].checked = true;
  typed[4].checked = false;
  const page = fields();

  assert.equal(fill(page, collect(typed)), true);
  assert.equal(page[2].value, "the roof leaks");
  assert.equal(page[3].checked, true);
  assert.equal(fill(page, collect(typed)), false);
});

test("a form that arrived leaves no draft", () => {
  const held = store();
  keep(held, NAME, [["why", "x", null]]);
  send(held, NAME);
  settle(held, "7");

  assert.equal(held.length, 0);
});

test("a form that came after the session had ended is a draft again, and put back after signing in", () => {
  const held = store();
  keep(held, NAME, [["why", "x", null]]);
  send(held, NAME);
  settle(held, "");
  settle(held, "7");

  assert.deepEqual(kept(held, NAME), [["why", "x", null]]);
});

test("drafts of somebody else go when another person signs in, and all go at signing out", () => {
  const held = store();
  keep(held, NAME, []);
  held.setItem("list:view", "1");
  settle(held, "8");
  assert.equal(held.length, 1);

  keep(held, nameOf("8", "/", "f"), []);
  forget(held);
  assert.deepEqual([held.length, held.getItem("list:view")], [1, "1"]);
});

test("the warning comes five minutes before the end", () => {
  assert.deepEqual([301, 300, 1, 0, -5].map(stateAt), ["running", "warning", "warning", "ended", "ended"]);
  assert.deepEqual([300, 61, 10].map(minutesLeft), [5, 2, 1]);
});
