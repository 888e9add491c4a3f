import assert from "node:assert/strict";
import test from "node:test";

import { minutesLeft, secondsLeft, stateAt } from "../../app/web/static/js/lib/session_clock.js";

const HOUR = 3600 * 1000;

test("the session ends by its own time or by the time without a request, whichever comes first", () => {
  assert.equal(secondsLeft({ ends: 12 * HOUR, seen: 0, idle: 3600 }, 0), 3600);
  assert.equal(secondsLeft({ ends: 12 * HOUR, seen: 2 * HOUR, idle: 3600 }, 2.5 * HOUR), 1800);
  assert.equal(secondsLeft({ ends: 12 * HOUR, seen: 12 * HOUR - 1000, idle: 3600 }, 12 * HOUR), 0);
  assert.equal(secondsLeft({ ends: HOUR, seen: 0, idle: 0 }, 0), 3600);
});

test("five minutes before either end the page warns", () => {
  const clock = { ends: 12 * HOUR, seen: 0, idle: 3600 };
  assert.equal(stateAt(secondsLeft(clock, 54 * 60 * 1000)), "running");
  assert.equal(stateAt(secondsLeft(clock, 56 * 60 * 1000)), "warning");
  assert.equal(minutesLeft(secondsLeft(clock, 56 * 60 * 1000)), 4);
  assert.equal(stateAt(secondsLeft(clock, HOUR)), "ended");
});
