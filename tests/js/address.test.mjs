import assert from "node:assert/strict";
import { test } from "node:test";

import { nextParameters, readable, withShown, writeView } from "../../app/web/static/js/lib/address.js";

const ALL = { grade: ["E", "D", "C"], shade: ["1", "0"] };

test("a group with every box chosen is no restriction", () => {
  const next = nextParameters([["grade", "E"], ["grade", "D"], ["grade", "C"], ["shade", "1"], ["shade", "0"]], ALL, new URLSearchParams());

  assert.equal(readable(next), "");
});

test("chosen values stand behind commas, defaults are left out", () => {
  const entries = [["grade", "E"], ["grade", "D"], ["show", "at_risk"], ["by", "2"], ["q", ""], ["shade", "1"], ["shade", "0"]];

  assert.equal(readable(nextParameters(entries, ALL, new URLSearchParams())), "?grade=E,D&by=2");
});

test("the view and the chosen school stay, the page of the list does not", () => {
  const before = new URLSearchParams("at=74.6,42.8,9&school=T-1&offset=50");

  assert.equal(readable(nextParameters([["shade", "1"], ["shade", "0"]], ALL, before)), "?school=T-1&at=74.6,42.8,9");
});

test("another area is seen whole, not at the view of before", () => {
  const before = new URLSearchParams("area=A&at=74.6,42.8,9");
  const entries = [["shade", "1"], ["shade", "0"]];

  assert.equal(readable(nextParameters([["area", "B"], ...entries], ALL, before)), "?area=B");
  assert.equal(readable(nextParameters([["area", "A"], ...entries], ALL, before)), "?area=A&at=74.6,42.8,9");
  assert.equal(readable(nextParameters(entries, ALL, before)), "");
});

test("no shade chosen hides every area and is not the default", () => {
  assert.equal(readable(nextParameters([], ALL, new URLSearchParams())), "?shade=none");
});

test("a view has the digits that a screen can show", () => {
  assert.equal(writeView({ lng: 74.600123, lat: 42.87 }, 9.126), "74.6001,42.8700,9.13");
});

test("a hazard layer with all its classes is no restriction, one with none says so", () => {
  const all = { hz: ["flood.1", "flood.unknown", "pga.1", "pga.2"] };
  const next = (...chosen) => readable(nextParameters(chosen.map((value) => ["hz", value]), all, new URLSearchParams()));

  assert.equal(next("flood.1", "flood.unknown", "pga.1", "pga.2"), "");
  assert.equal(next("flood.1", "pga.1", "pga.2"), "?hz=flood.1");
  assert.equal(next("pga.2"), "?hz=flood.none,pga.2");
});

test("ticked boxes are the levels that the map draws", () => {
  const hazards = [{ code: "flood", isOn: true, hasSwitches: true }, { code: "roads", isOn: true, hasSwitches: false }];

  assert.deepEqual(withShown(hazards, ["flood.3", "flood.unknown"]).map(({ shown }) => shown), [[3, null], undefined]);
});
