import assert from "node:assert/strict";
import { test } from "node:test";

import { declutter } from "../../app/web/static/js/lib/labels.js";

const box = (left, top, width = 40, height = 14) => ({ left, top, width, height });

test("a name that would cover an earlier one is left out", () => {
  assert.deepEqual(declutter([box(0, 0), box(20, 5), box(60, 0)]), [true, false, true]);
});

test("a name left out takes no place from the next one", () => {
  assert.deepEqual(declutter([box(0, 0), box(30, 0), box(45, 0)]), [true, false, true]);
});

test("names that only touch keep a gap", () => {
  assert.deepEqual(declutter([box(0, 0), box(41, 0)], 2), [true, false]);
  assert.deepEqual(declutter([box(0, 0), box(43, 0)], 2), [true, true]);
  assert.deepEqual(declutter([box(0, 0), box(0, 17)], 2), [true, true]);
});
