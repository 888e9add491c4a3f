/* The style of the map: sources, layers and filters from the page's configuration. Pure. */

import { classExpression } from "./classes.js";

const DEEPEST = 3;
/** Zoom from which the names of rayons take the place of those of oblasts. */
const RAYON_NAMES = 6.6;
/** How strong the shading of areas stays under a hazard layer: the hazard is then what is looked at. */
const PALE = 0.3;
const FONT = ["Noto Sans Subset"];

/** @param {string} lang @returns {unknown[]} the name in the reader's language, else Kyrgyz */
export function nameIn(lang) {
  return lang === "ky" ? ["get", "name_ky"] : ["coalesce", ["get", `name_${lang}`], ["get", "name_ky"], ""];
}

/**
 * @param {{level: string, levels: {least: number, zooms: number[]}}} config - level "auto", "1", "2" or "3"; by zoom
 *     no level above `least` is drawn
 * @param {number} of - the level of a layer
 * @returns {[number, number]} zooms between which the layer is drawn; equal when never
 */
export function zoomsOf({ level, levels }, of) {
  if (level === "auto" ? of < levels.least : Number(level) !== of) {
    return [24, 24];
  }
  const from = [0, ...levels.zooms];
  return level === "auto" ? [of === levels.least ? 0 : from[of - 1], of === DEEPEST ? 24 : from[of]] : [0, 24];
}

/** @returns {number} the level of areas that counts at `zoom`: as the server finds it for the same view */
export function levelAt({ level, levels }, zoom) {
  if (level !== "auto") {
    return Number(level);
  }
  const byZoom = 1 + levels.zooms.filter((from) => zoom >= from).length;
  return Math.min(levels.deepest, Math.max(levels.least, byZoom));
}

/** @param {string[]} grades - chosen ones; empty = all */
export function schoolFilter(grades) {
  return grades.length ? ["in", ["get", "grade"], ["literal", grades]] : ["literal", true];
}

/** @param {{grades: string[], funded?: string[]}} config @returns {unknown[]} single schools whose code is funded */
export function fundedFilter(config) {
  return ["all", ["!", ["has", "n"]], schoolFilter(config.grades), ["in", ["get", "code"], ["literal", config.funded ?? []]]];
}

/** @returns {unknown[]} areas whose class is one of `shades` */
export function shadeFilter(indicator, shades, isHatched) {
  const shown = shades.filter((shade) => (shade === 0) === isHatched);
  return ["in", classExpression(indicator), ["literal", shown]];
}

/** @returns {Record<string, unknown[]>} which features the parts of a layer draw: by shape, and by classes that are on */
export function hazardFilters({ shown }) {
  const isOn = shown ? ["in", ["coalesce", ["get", "level"], -1], ["literal", shown.map((level) => level ?? -1)]] : ["literal", true];
  const of = (shape) => ["all", shape, isOn];
  return { fill: of(["==", ["geometry-type"], "Polygon"]), line: of(["!=", ["geometry-type"], "Point"]), point: of(["==", ["geometry-type"], "Point"]) };
}

/** @returns {boolean} whether there is anything of the layer to draw: a raster has a picture, others have tiles */
export function isDrawn({ isOn, picture, tiles }) {
  return isOn && Boolean(picture ?? tiles);
}

function hazardSource(hazard, origin, maxzoom) {
  if (!hazard.picture) {
    return source(hazard.tiles, origin, maxzoom);
  }
  const [west, south, east, north] = hazard.picture.bounds;
  return { type: "image", url: origin + hazard.picture.address, coordinates: [[west, north], [east, north], [east, south], [west, south]] };
}

/** Style of one hazard layer: polygons, lines and points in the colours of its manifest. */
export function hazardLayers(hazard) {
  const known = hazard.classes.filter(({ level }) => level !== null);
  const unknown = hazard.plain ?? hazard.classes.find(({ level }) => level === null)?.colour ?? "#9e9e9e";
  const colour = known.length
    ? ["match", ["coalesce", ["get", "level"], -1], ...known.flatMap(({ level, colour: c }) => [level, c]), unknown]
    : unknown;
  if (hazard.picture) {
    return [{ id: `hz-${hazard.code}-picture`, type: "raster", source: `hz-${hazard.code}`, paint: { "raster-opacity": 0.65, "raster-resampling": "nearest", "raster-fade-duration": 0 } }];
  }
  const base = { source: `hz-${hazard.code}`, "source-layer": "hazard" };
  const filters = hazardFilters(hazard);
  return [
    { id: `hz-${hazard.code}-fill`, type: "fill", ...base, filter: filters.fill, paint: { "fill-color": colour, "fill-opacity": 0.55 } },
    { id: `hz-${hazard.code}-line`, type: "line", ...base, filter: filters.line, paint: { "line-color": colour, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.5, 9, 1.6] } },
    { id: `hz-${hazard.code}-point`, type: "circle", ...base, filter: filters.point, paint: { "circle-color": colour, "circle-radius": 5, "circle-stroke-width": 1, "circle-stroke-color": "#1b2625" } },
  ];
}

/** @returns {object} a vector source on addresses of this host */
export function source(address, origin, maxzoom) {
  return { type: "vector", tiles: [origin + address], minzoom: 0, maxzoom };
}

function areaLayers(config, colours) {
  return [1, 2, 3].flatMap((of) => {
    const [minzoom, maxzoom] = zoomsOf(config, of);
    const base = { source: `areas-${of}`, "source-layer": "areas", minzoom, maxzoom };
    const opacity = config.hazards.some(isDrawn) ? PALE : 1;
    const shade = ["match", classExpression(config.indicator), ...[1, 2, 3, 4, 5].flatMap((n) => [n, colours[`m${n}`]]), colours.paper];
    return [
      { id: `areas-${of}-fill`, type: "fill", ...base, filter: shadeFilter(config.indicator, config.shades, false), paint: { "fill-color": shade, "fill-opacity": opacity } },
      { id: `areas-${of}-hatch`, type: "fill", ...base, filter: shadeFilter(config.indicator, config.shades, true), paint: { "fill-pattern": "hatch", "fill-opacity": opacity } },
      { id: `areas-${of}-line`, type: "line", ...base, paint: { "line-color": colours.border, "line-width": 0.8 } },
    ];
  });
}

/** Names come with their areas; by zoom those of oblasts stay until rayons are large enough for theirs. */
function namesOf(config, of) {
  const [from, until] = zoomsOf(config, of);
  if (config.level !== "auto" || of === DEEPEST) {
    return [from, until];
  }
  return of === 1 ? [0, RAYON_NAMES] : [Math.min(until, Math.max(from, RAYON_NAMES)), until];
}

function labelLayers(config, colours) {
  const look = { "text-color": colours.ink, "text-halo-color": colours.halo, "text-halo-width": 1.6 };
  const areas = [1, 2, 3].map((of) => {
    const [minzoom, maxzoom] = namesOf(config, of);
    return {
      id: `areas-${of}-label`, type: "symbol", source: `areas-${of}`, "source-layer": "area_labels", minzoom, maxzoom,
      layout: { "text-field": nameIn(config.lang), "text-font": FONT, "text-size": of === 1 ? 13 : 12, "text-max-width": 8 },
      paint: look,
    };
  });
  return [
    { id: "neighbour-label", type: "symbol", source: "base", "source-layer": "base", filter: ["==", ["get", "kind"], "neighbour_label"], layout: { "text-field": nameIn(config.lang), "text-font": FONT, "text-size": 12, "text-transform": "uppercase", "text-letter-spacing": 0.08 }, paint: { ...look, "text-color": colours["ink-2"] } },
    { id: "lake-label", type: "symbol", source: "base", "source-layer": "base", filter: ["==", ["get", "kind"], "lake_label"], layout: { "text-field": nameIn(config.lang), "text-font": FONT, "text-size": 12 }, paint: { "text-color": colours["water-ink"], "text-halo-color": colours.water, "text-halo-width": 1.2 } },
    ...areas.reverse(),
    { id: "place-label", type: "symbol", source: "base", "source-layer": "base", minzoom: 7, filter: ["==", ["get", "kind"], "place"], layout: { "text-field": nameIn(config.lang), "text-font": FONT, "text-size": 11, "text-anchor": "bottom", "text-offset": [0, -0.5], "symbol-sort-key": ["get", "rank"] }, paint: { ...look, "text-color": colours["ink-2"] } },
  ];
}

function schoolLayers(config, colours) {
  const isCell = ["has", "n"];
  const base = { source: "schools", "source-layer": "schools" };
  const picked = ["==", ["get", "code"], config.school?.code ?? ""];
  // A flag at the upper right of the school's own symbol: funded is told by shape, not by colour.
  const flags = config.urls?.funded
    ? [{ id: "funded", type: "symbol", ...base, filter: fundedFilter(config), layout: { "icon-image": "flag", "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 4, 0.35, 7, 0.7, 10, 1.1] } }]
    : [];
  return [
    {
      id: "cells", type: "symbol", ...base, filter: ["all", isCell, schoolFilter(config.grades)],
      layout: { "icon-image": ["concat", "grade-", ["get", "grade"]], "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["ln", ["get", "n"]], 0, 0.45, 7, 1.1], "symbol-sort-key": ["-", 0, ["get", "rank"]] },
    },
    {
      id: "schools", type: "symbol", ...base, filter: ["all", ["!", isCell], schoolFilter(config.grades)],
      // Symbols of 24 pixels shrunk to 6 lose their shape: small ones are drawn small.
      layout: { "icon-image": ["step", ["zoom"], ["concat", "small-", ["get", "grade"]], 7, ["concat", "grade-", ["get", "grade"]]], "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 4, 0.17, 5, 0.26, 6, 0.36, 7, 0.5, 8, 0.7, 10, 1], "symbol-sort-key": ["-", 0, ["get", "rank"]] },
    },
    ...flags,
    { id: "school-halo", type: "circle", ...base, filter: picked, paint: { "circle-radius": 12, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 5, "circle-stroke-color": colours.paper } },
    { id: "school-chosen", type: "circle", ...base, filter: picked, paint: { "circle-radius": 12, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 2.4, "circle-stroke-color": colours.ink } },
    { id: "school-label", type: "symbol", ...base, minzoom: 11, filter: ["all", ["!", isCell], schoolFilter(config.grades)], layout: { "text-field": nameIn(config.lang), "text-font": FONT, "text-size": 12, "text-offset": [0, 1], "text-anchor": "top", "text-optional": true }, paint: { "text-color": colours.ink, "text-halo-color": colours.halo, "text-halo-width": 1.6 } },
  ];
}

/**
 * @param {object} config - as the server writes it into the page
 * @param {Record<string, string>} colours - tokens of the page, so that dark mode holds on the map too
 * @param {string} origin - of this page
 */
export function buildStyle(config, colours, origin) {
  const sources = { base: source(config.tiles.base, origin, config.maxzoom) };
  const kind = (name) => ["==", ["get", "kind"], name];
  const base = { source: "base", "source-layer": "base" };
  const layers = [{ id: "ground", type: "background", paint: { "background-color": colours.abroad } }];
  layers.push({ id: "land", type: "fill", ...base, filter: ["in", ["get", "kind"], ["literal", ["country", "land"]]], paint: { "fill-color": colours.raised } });
  layers.push({ id: "neighbour", type: "line", ...base, filter: kind("neighbour"), paint: { "line-color": colours.border, "line-width": 0.8 } });
  if (config.tiles.areas["1"]) {
    for (const of of [1, 2, 3]) {
      sources[`areas-${of}`] = source(config.tiles.areas[of], origin, config.maxzoom);
    }
    layers.push(...areaLayers(config, colours));
  }
  for (const hazard of config.hazards.filter(isDrawn)) {
    sources[`hz-${hazard.code}`] = hazardSource(hazard, origin, config.maxzoom);
    layers.push(...hazardLayers(hazard));
  }
  layers.push(
    { id: "lake", type: "fill", ...base, filter: kind("lake"), paint: { "fill-color": colours.water, "fill-outline-color": colours["water-ink"] } },
    { id: "river", type: "line", ...base, filter: kind("river"), paint: { "line-color": colours["water-ink"], "line-width": 0.8, "line-opacity": 0.7 } },
  );
  layers.push(
    { id: "oblast", type: "line", ...base, filter: kind("oblast"), paint: { "line-color": colours["ink-2"], "line-width": 0.9 } },
    { id: "country", type: "line", ...base, filter: kind("country"), paint: { "line-color": colours.ink, "line-width": 1.4 } },
  );
  if (config.tiles.schools) {
    sources.schools = source(config.tiles.schools, origin, config.maxzoom);
    layers.push(...schoolLayers(config, colours));
  }
  if (config.tiles.areas["1"]) {
    layers.push(...labelLayers(config, colours));
  }
  return { version: 8, sources, layers };
}
