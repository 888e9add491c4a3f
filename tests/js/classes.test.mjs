import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_DATA, classExpression, classOf } from "../../app/web/static/js/lib/classes.js";

const SHARE = { attribute: "at_risk", breaks: [20, 35, 50, 65], isReversed: false, needsCover: true };
const CONFORMITY = { attribute: "index", breaks: [40, 55, 70, 85], isReversed: true, needsCover: true };

test("a bound belongs to the class above it", () => {
  assert.equal(classOf({ at_risk: 19.9, is_rankable: true }, SHARE), 1);
  assert.equal(classOf({ at_risk: 20, is_rankable: true }, SHARE), 2);
  assert.equal(classOf({ at_risk: 100, is_rankable: true }, SHARE), 5);
});

test("low conformity is the dark class", () => {
  assert.equal(classOf({ index: 10, is_rankable: true }, CONFORMITY), 5);
  assert.equal(classOf({ index: 90, is_rankable: true }, CONFORMITY), 1);
});

test("unknown, and an area with too few schools assessed, are no data and never class 1", () => {
  assert.equal(classOf({ is_rankable: true }, SHARE), NO_DATA);
  assert.equal(classOf({ at_risk: null, is_rankable: true }, SHARE), NO_DATA);
  assert.equal(classOf({ at_risk: 3, is_rankable: false }, SHARE), NO_DATA);
});

/** Evaluate the few operators that the expression uses. */
function evaluate(expression, area) {
  if (!Array.isArray(expression)) {
    return expression;
  }
  const [name, ...rest] = expression;
  const value = (n) => evaluate(rest[n], area);
  switch (name) {
    case "get": return area[rest[0]];
    case "has": return rest[0] in area;
    case "==": return value(0) === value(1);
    case "all": return rest.every((_, n) => value(n));
    case "case": return value(0) ? value(1) : value(2);
    case "to-number": return Number(value(0));
    case "step": {
      const input = value(0);
      let found = rest[1];
      for (let n = 2; n < rest.length; n += 2) {
        if (input >= rest[n]) {
          found = rest[n + 1];
        }
      }
      return found;
    }
    default: throw new Error(name);
  }
}

test("the map's expression and the plain function agree for every value", () => {
  for (const indicator of [SHARE, CONFORMITY]) {
    for (const covered of [true, false]) {
      for (let value = 0; value <= 100; value += 2.5) {
        const area = { [indicator.attribute]: value, is_rankable: covered };
        assert.equal(evaluate(classExpression(indicator), area), classOf(area, indicator));
      }
    }
    assert.equal(evaluate(classExpression(indicator), { is_rankable: true }), NO_DATA);
  }
});
