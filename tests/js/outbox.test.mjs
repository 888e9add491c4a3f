/* What an answer of the server makes of something that waits on the device. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isSame, outcome } from "../../app/web/static/js/lib/outbox.js";

test("nothing that was not taken is thrown away", () => {
  for (const status of [0, 400, 401, 429, 500, 502, 503]) assert.equal(outcome(status, null), "stop");
  for (const status of [403, 404, 413, 422]) assert.equal(outcome(status, { title: "why" }), "refused");
  assert.equal(outcome(409, { title: "closed" }), "refused");
});

test("a conflict is told by what stands now", () => {
  assert.equal(outcome(409, { now: { version: 2 } }), "conflict");
  assert.equal(outcome(200, { version: 1 }), "kept");
});

test("the same question is that of the same criterion at the same place of the same assessment", () => {
  const one = { kind: "answer", visit: "1", fields: { criterion: "WSH-01", building: "" } };
  assert.ok(isSame(one, { ...one, fields: { criterion: "WSH-01" } }));
  assert.ok(!isSame(one, { ...one, visit: "2" }));
  assert.ok(!isSame(one, { ...one, fields: { criterion: "WSH-01", building: "1" } }));
  assert.ok(!isSame(one, { ...one, kind: "file" }));
});
