import assert from "node:assert/strict";
import { test } from "node:test";

import { Steps, evenly, movesOf, orderOf, ranksOf, rebalance, scoresOf, sumOf, written } from "../../app/web/static/js/lib/reranking.js";

test("the others follow in proportion and the sum stays one", () => {
  const found = rebalance([500, 300, 300], [0, 0, 0], [1000, 1000, 1000], 0);

  assert.deepEqual(found, [500, 250, 250]);
});

test("a weight stops where the others are at their bounds", () => {
  const found = rebalance([900, 50, 50], [0, 200, 200], [1000, 400, 400], 0);

  assert.deepEqual(found, [600, 200, 200]);
  assert.equal(sumOf(found), 1000);
});

test("unknown counts at the given value, and ties stand as they came", () => {
  const even = [1, 1, 1, 1, 1, 1, 1, 1];
  const scores = scoresOf([even.map(() => null), even.map(() => 0.5), even], [300, 150, 80, 200, 100, 70, 50, 50], 0.5);

  assert.deepEqual([...scores], [50, 50, 100]);
  assert.deepEqual([...orderOf(scores)], [2, 0, 1]);
  assert.deepEqual([...ranksOf(orderOf(scores))], [2, 3, 1]);
});

test("who moved, who is new among the first, who rose and fell most", () => {
  const moves = movesOf(Int32Array.of(1, 2, 3, 4), Int32Array.of(4, 1, 3, 2), 2);

  assert.deepEqual(moves, { moved: 3, entered: 1, rise: 3, fall: 0 });
});

test("steps are undone and done again; a new one forgets what was undone", () => {
  const steps = new Steps([1]);
  steps.add([2]);
  steps.add([2]);
  steps.add([3]);

  assert.deepEqual(steps.undo(), [2]);
  assert.deepEqual(steps.undo(), [1]);
  assert.equal(steps.canUndo, false);
  assert.deepEqual(steps.redo(), [2]);
  steps.add([9]);
  assert.equal(steps.canRedo, false);
});

test("thousandths are written as a decimal number", () => {
  assert.equal(written(50), "0.050");
  assert.equal(written(1000), "1.000");
});

test("a half is rounded to the even number, as the server does", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 2.4, 2.6, 3].map(evenly), [0, 2, 2, 2, 3, 3]);
});
