import assert from "node:assert/strict";
import { test } from "node:test";

import { buildStyle, fundedFilter } from "../../app/web/static/js/lib/style.js";

const CONFIG = {
  lang: "ru", level: "auto", levels: { shown: 2, least: 1, deepest: 3, zooms: [4.1, 8.2] }, maxzoom: 14, grades: ["E"], shades: [0], school: null, hazards: [], urls: {},
  tiles: { base: "/b", schools: "/s", areas: { 1: "/a1", 2: "/a2", 3: "/a3" } },
  indicator: { attribute: "at_risk", breaks: [20, 35, 50, 65], isReversed: false, needsCover: true },
};
const COLOURS = new Proxy({}, { get: () => "#000000" });
const ids = (config) => buildStyle(config, COLOURS, "").layers.map(({ id }) => id);

test("flags are drawn only where the address asks for money, above the symbols of the schools", () => {
  assert.ok(!ids(CONFIG).includes("funded"));
  const drawn = ids({ ...CONFIG, urls: { funded: "/ky/map/funded.json" } });
  assert.ok(drawn.indexOf("funded") > drawn.indexOf("schools"));
});

test("a school without money has no flag, and nobody has one before the list came", () => {
  const codes = (config) => fundedFilter(config).at(-1)[2][1];
  assert.deepEqual(codes(CONFIG), []);
  assert.deepEqual(codes({ ...CONFIG, funded: ["9900000001"] }), ["9900000001"]);
});

test("flags go with the grades that are switched off", () => {
  assert.deepEqual(fundedFilter(CONFIG)[2], ["in", ["get", "grade"], ["literal", ["E"]]]);
});
