import assert from "node:assert/strict";
import { test } from "node:test";

import { hazardLayers } from "../../app/web/static/js/lib/style.js";

const CLASSES = [{ level: 4, colour: "#670" }, { level: 1, colour: "#fff" }, { level: null, colour: "#999" }];

test("a feature without a level has the colour of the nearest class where distances are told, else that of unknown", () => {
  const ofDistances = hazardLayers({ code: "roads", plain: "#670", classes: CLASSES });
  const ofZones = hazardLayers({ code: "zones", plain: null, classes: CLASSES });

  assert.equal(ofDistances[1].paint["line-color"].at(-1), "#670");
  assert.equal(ofDistances[2].paint["circle-color"].at(-1), "#670");
  assert.equal(ofZones[0].paint["fill-color"].at(-1), "#999");
});
