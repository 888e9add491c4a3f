import assert from "node:assert/strict";
import { test } from "node:test";

import { buildStyle, hazardFilters, hazardLayers, levelAt, schoolFilter, zoomsOf } from "../../app/web/static/js/lib/style.js";

const CONFIG = {
  lang: "ru", level: "auto", levels: { shown: 2, least: 1, deepest: 3, zooms: [4.1, 8.2] }, maxzoom: 14, grades: ["E", "U"], shades: [0, 1, 2, 3, 4, 5], school: { code: "T-1" },
  tiles: { base: "/tiles/base/{z}/{x}/{y}.mvt", schools: "/tiles/schools/{z}/{x}/{y}.mvt?run=a", areas: { 1: "/a1", 2: "/a2", 3: "/a3" } },
  indicator: { attribute: "at_risk", breaks: [20, 35, 50, 65], isReversed: false, needsCover: true },
  hazards: [{ code: "mudflow", tiles: "/tiles/mudflow/{z}/{x}/{y}.mvt?v=1", isOn: true, classes: [{ level: 3, colour: "#b00" }, { level: null, colour: "#999" }] }],
};
const COLOURS = new Proxy({}, { get: () => "#000000" });

test("by zoom, exactly one level is drawn at any zoom, and inside an area none above its own units", () => {
  for (const least of [1, 2, 3]) {
    const config = { ...CONFIG, levels: { ...CONFIG.levels, least } };
    for (let zoom = 0; zoom < 18; zoom += 0.1) {
      const drawn = [1, 2, 3].filter((of) => zoom >= zoomsOf(config, of)[0] && zoom < zoomsOf(config, of)[1]);
      assert.deepEqual(drawn, [levelAt(config, zoom)], `zoom ${zoom}, least ${least}`);
      assert.ok(drawn[0] >= least);
    }
  }
});

test("a chosen level is drawn at every zoom, the others never", () => {
  const config = { ...CONFIG, level: "2" };
  assert.deepEqual(zoomsOf(config, 2), [0, 24]);
  assert.deepEqual(zoomsOf(config, 1), [24, 24]);
  assert.equal(levelAt(config, 12), 2);
});

test("nothing is counted below the deepest level that an area has", () => {
  assert.equal(levelAt({ level: "auto", levels: { least: 2, deepest: 2, zooms: [4.1, 8.2] } }, 11), 2);
  assert.equal(levelAt({ level: "auto", levels: { least: 3, deepest: 2, zooms: [4.1, 8.2] } }, 11), 2);
});

test("every label layer has zooms in order", () => {
  for (const least of [1, 2, 3]) {
    const style = buildStyle({ ...CONFIG, levels: { ...CONFIG.levels, least } }, COLOURS, "");
    assert.ok(style.layers.every(({ minzoom = 0, maxzoom = 24 }) => minzoom <= maxzoom));
  }
});

test("every source stands on this host and no glyphs or sprite are fetched", () => {
  const style = buildStyle(CONFIG, COLOURS, "http://here");

  for (const source of Object.values(style.sources)) {
    assert.ok(source.tiles.every((address) => address.startsWith("http://here/")));
  }
  assert.equal(style.glyphs, undefined);
  assert.equal(style.sprite, undefined);
});

test("every layer stands on a source, ids are unique, schools lie above areas", () => {
  const style = buildStyle(CONFIG, COLOURS, "");
  const ids = style.layers.map(({ id }) => id);

  assert.equal(new Set(ids).size, ids.length);
  assert.ok(style.layers.every((layer) => layer.type === "background" || layer.source in style.sources));
  assert.ok(ids.indexOf("schools") > ids.indexOf("areas-3-hatch"));
});

test("a hazard without a known class keeps one colour, unknown levels keep theirs", () => {
  assert.equal(hazardLayers({ code: "x", classes: [{ level: null, colour: "#999" }] })[0].paint["fill-color"], "#999");
  const colour = hazardLayers(CONFIG.hazards[0])[0].paint["fill-color"];
  assert.equal(colour.at(-1), "#999");
});

test("no grade chosen shows all", () => {
  assert.deepEqual(schoolFilter([]), ["literal", true]);
});

test("a raster is an image between its corners, north-west first, and only while it is on", () => {
  const picture = { address: "/tiles/pga/picture.png?v=1a", bounds: [69.6, 39.2, 80.3, 43.3] };
  const of = (facts) => buildStyle({ ...CONFIG, hazards: [{ code: "pga", tiles: null, picture, isOn: true, shown: null, classes: [], ...facts }] }, COLOURS, "http://here");
  const style = of({});

  assert.deepEqual(style.sources["hz-pga"], {
    type: "image", url: "http://here/tiles/pga/picture.png?v=1a",
    coordinates: [[69.6, 43.3], [80.3, 43.3], [80.3, 39.2], [69.6, 39.2]],
  });
  assert.equal(style.layers.find(({ id }) => id === "hz-pga-picture").type, "raster");
  assert.equal(of({ isOn: false }).sources["hz-pga"], undefined);
  assert.equal(of({ picture: null }).sources["hz-pga"], undefined, "a lost file leaves the map whole");
});

test("classes of a hazard that are off are not drawn, the unknown level is one of them", () => {
  const [, , isOn] = hazardFilters({ shown: [3, null] }).fill;

  assert.deepEqual(isOn, ["in", ["coalesce", ["get", "level"], -1], ["literal", [3, -1]]]);
  assert.deepEqual(hazardFilters({ shown: null }).line[2], ["literal", true]);
});
