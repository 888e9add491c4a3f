import assert from "node:assert/strict";
import { test } from "node:test";

import { pixelOf, placeAt, readPlace, writePlace } from "../../app/web/static/js/lib/mercator.js";

// 640 pixels for 24 km around 74.6 E, 42.87 N; a metre on the ground is 1 / cos(latitude) metres of the projection.
const RADIUS = 6378137;
const X = RADIUS * ((74.6 * Math.PI) / 180);
const Y = RADIUS * Math.log(Math.tan(Math.PI / 4 + (42.87 * Math.PI) / 360));
const HALF = 12000 / Math.cos((42.87 * Math.PI) / 180);
const frame = { west: X - HALF, north: Y + (HALF * 360) / 640, scale: 640 / (2 * HALF), width: 640, height: 360 };

test("the middle of the frame is the place that it was drawn around", () => {
  const { lon, lat } = placeAt(frame, 320, 180);

  assert.ok(Math.abs(lon - 74.6) < 1e-9);
  assert.ok(Math.abs(lat - 42.87) < 1e-9);
});

test("80 pixels to the east are three kilometres on the ground", () => {
  const { lon, lat } = placeAt(frame, 400, 180);

  assert.ok(Math.abs((lon - 74.6) * 111.3195 * Math.cos((42.87 * Math.PI) / 180) - 3) < 0.01);
  assert.ok(Math.abs(lat - 42.87) < 1e-9);
});

test("a pixel and its place lead to each other", () => {
  const { lon, lat } = placeAt(frame, 17.5, 301.25);
  const back = pixelOf(frame, lon, lat);

  assert.ok(Math.hypot(back.x - 17.5, back.y - 301.25) < 1e-6);
});

test("latitude stands first in the field, as people say it", () => {
  assert.equal(writePlace({ lon: 74.6, lat: 42.87 }), "42.870000, 74.600000");
  assert.deepEqual(readPlace("42.87, 74.6"), { lon: 74.6, lat: 42.87 });
  assert.deepEqual(readPlace("42,87 74,6"), { lon: 74.6, lat: 42.87 });
});

test("half a pair, words and places off the earth are no place", () => {
  for (const text of ["", "42.87", "42.87,", "north, east", "142, 74"]) {
    assert.equal(readPlace(text), null);
  }
});
