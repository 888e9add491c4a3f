/* The full map: MapLibre on our own vector tiles, symbols drawn here, no request to another host. */

import { AttributionControl, Map, Popup, ScaleControl } from "maplibre-gl";

import { GRADES, drawFlag, drawGrade, drawHatch } from "../lib/shapes.js";
import { buildStyle, fundedFilter, hazardFilters, schoolFilter, shadeFilter } from "../lib/style.js";

const TOKENS = ["paper", "raised", "ink", "ink-2", "line-2", "abroad", "border", "halo", "water", "water-ink", "m1", "m2", "m3", "m4", "m5"];
const SHARP = 2;
/** Pixels of a symbol, and of its drawing for far views; both count as one size for the style. */
const SYMBOL = 24;
const SMALL = 8;
const CLOSE_ZOOM = 12;
const AREA_LAYERS = [1, 2, 3].flatMap((of) => [`areas-${of}-fill`, `areas-${of}-hatch`]);

/** WebGL 2 is missing or switched off. */
class NoWebglError extends Error {
  name = "NoWebglError";
}

/**
 * @param {HTMLElement} element - holds the server-drawn map until this one is drawn
 * @param {object} config
 * @param {{onSchool: Function, onArea: Function, onMove: Function}} handlers
 */
export async function start(element, config, handlers) {
  if (!document.createElement("canvas").getContext("webgl2")) {
    throw new NoWebglError();
  }
  await document.fonts.load('12px "Noto Sans Subset"').catch(() => []);
  const holder = document.createElement("div");
  holder.className = "gl";
  element.append(holder);
  const engine = new GlEngine(holder, config, handlers);
  try {
    await engine.ready;
  } catch (error) {
    engine.map.remove();
    holder.remove(); // the simple map takes its place
    throw error;
  }
  element.querySelector(".drawn").classList.add("covered");
  element.querySelector(".drawn").inert = true;
  return engine;
}

function readColours() {
  const look = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(TOKENS.map((name) => [name, look.getPropertyValue(`--${name}`).trim()]));
  for (const grade of GRADES) {
    colours[grade] = look.getPropertyValue(`--g${grade.toLowerCase()}`).trim();
  }
  return colours;
}

class GlEngine {
  constructor(holder, config, handlers) {
    this.config = config;
    this.holder = holder;
    this.handlers = handlers;
    const words = config.words;
    this.map = new Map({
      container: holder,
      style: buildStyle(config, readColours(), location.origin),
      ...(config.view ? { center: config.view.slice(0, 2), zoom: config.view[2] } : { bounds: config.bounds, fitBoundsOptions: { padding: this.#padding() } }),
      maxZoom: 17,
      minZoom: 3,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      renderWorldCopies: false,
      localIdeographFontFamily: false,
      locale: { "Map.Title": words.map, "ScaleControl.Kilometers": words.km, "ScaleControl.Meters": words.m, "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ maxWidth: 110, unit: "metric" }), "bottom-right");
    this.map.setMissingStyleImageResolver((id) => this.#draw(id));
    this.map.on("moveend", (event) => {
      if (event.originalEvent || event.isOurs) {
        handlers.onMove(this.map.getCenter(), this.map.getZoom());
      }
    });
    this.map.on("click", (event) => this.#clicked(event));
    this.popup = new Popup({ closeButton: false, closeOnClick: false, className: "tip", offset: 10 });
    this.map.on("mousemove", (event) => this.#pointed(event));
    this.map.on("mouseout", () => this.popup.remove());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#restyle());
    this.ready = new Promise((resolve, reject) => {
      this.map.once("load", () => {
        this.#markFunded();
        resolve();
      });
      this.map.once("error", ({ error }) => reject(error));
    });
    this.map.getCanvas().setAttribute("aria-label", words.map);
  }

  #padding() {
    const legend = document.querySelector(".legend");
    const isBeside = getComputedStyle(document.querySelector(".sheet")).display === "contents";
    const holder = this.map?.getContainer() ?? this.holder;
    const free = holder.clientHeight - 72;
    const covered = document.querySelector(".sheet").offsetHeight + document.querySelector(".keyline").offsetHeight + 16;
    const bottom = isBeside ? Math.min(legend.offsetHeight + 24, free * 0.45) : Math.min(covered, free * 0.75);
    return { top: isBeside ? 72 : 8, bottom, left: 12, right: 12 };
  }

  #draw(id) {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const colours = readColours();
    let pixels = SYMBOL;
    if (id === "hatch") {
      canvas.width = canvas.height = 14;
      drawHatch(context, 14, colours);
    } else if (id === "flag") {
      canvas.width = canvas.height = pixels * SHARP;
      drawFlag(context, canvas.width, colours);
    } else if (id.startsWith("grade-") || id.startsWith("small-")) {
      pixels = id.startsWith("small-") ? SMALL : SYMBOL;
      canvas.width = canvas.height = pixels * SHARP;
      drawGrade(context, id.slice(6), canvas.width, colours);
    } else {
      return;
    }
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    if (!this.map.hasImage(id)) {
      this.map.addImage(id, image, { pixelRatio: (SHARP * pixels) / SYMBOL });
    }
  }

  #restyle() {
    for (const id of ["hatch", "flag", ...GRADES.flatMap((grade) => [`grade-${grade}`, `small-${grade}`])]) {
      if (this.map.hasImage(id)) {
        this.map.removeImage(id);
      }
    }
    this.map.setStyle(buildStyle(this.config, readColours(), location.origin));
  }

  /** Flag the schools that get money in the plan; without the list the map stays as it is. */
  async #markFunded() {
    const { config } = this;
    const address = config.urls.funded;
    if (!address || config.funded) {
      return;
    }
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) {
      config.funded = (await answer.json()).codes;
    }
    if (this.config === config && this.map.getLayer("funded")) {
      this.map.setFilter("funded", fundedFilter(config));
    }
  }

  #at(point, layers) {
    const present = layers.filter((id) => this.map.getLayer(id));
    const box = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
    return this.map.queryRenderedFeatures(layers === AREA_LAYERS ? point : box, { layers: present })[0];
  }

  #clicked(event) {
    const school = this.#at(event.point, ["schools", "cells"]);
    if (school?.properties.n) {
      this.map.easeTo({ center: school.geometry.coordinates, zoom: this.map.getZoom() + 2 }, { isOurs: true });
    } else if (school) {
      this.handlers.onSchool(school.properties.code);
    } else {
      const area = this.#at(event.point, AREA_LAYERS);
      if (area) {
        this.handlers.onArea(area.properties.code);
      }
    }
  }

  #pointed(event) {
    const found = this.#at(event.point, ["schools", "cells"]) ?? this.#at(event.point, AREA_LAYERS);
    this.map.getCanvas().classList.toggle("pointing", Boolean(found));
    if (!found) {
      this.popup.remove();
      return;
    }
    const { lang, words } = this.config;
    const facts = found.properties;
    const name = facts[`name_${lang}`] ?? facts.name_ky ?? facts.code;
    const grade = facts.grade === "U" ? words.unknown : facts.grade;
    const money = this.config.funded?.includes(facts.code) ? ` · ${words.funded}` : "";
    const text = facts.n ? `${facts.n} ${words.schools}` : facts.grade ? `${name} · ${words.rank} ${facts.rank} · ${grade}${money}` : name;
    this.popup.setLngLat(event.lngLat).setText(text).addTo(this.map);
  }

  /** Take a new configuration: sources and layers that changed are replaced, the view stays. */
  async update(config) {
    this.config = config;
    this.map.setStyle(buildStyle(config, readColours(), location.origin), { diff: true });
    this.#markFunded();
  }

  /** Switch grades and classes on and off at once, before the server has counted. */
  switchClasses(config) {
    this.config = config;
    const whether = schoolFilter(config.grades);
    const isCell = ["has", "n"];
    this.map.setFilter("schools", ["all", ["!", isCell], whether]);
    this.map.setFilter("cells", ["all", isCell, whether]);
    this.map.setFilter("school-label", ["all", ["!", isCell], whether]);
    if (this.map.getLayer("funded")) {
      this.map.setFilter("funded", fundedFilter(config));
    }
    for (const hazard of config.hazards) {
      for (const [part, filter] of Object.entries(hazardFilters(hazard))) {
        if (this.map.getLayer(`hz-${hazard.code}-${part}`)) {
          this.map.setFilter(`hz-${hazard.code}-${part}`, filter);
        }
      }
    }
    for (const of of [1, 2, 3]) {
      this.map.setFilter(`areas-${of}-fill`, shadeFilter(config.indicator, config.shades, false));
      this.map.setFilter(`areas-${of}-hatch`, shadeFilter(config.indicator, config.shades, true));
    }
  }

  /** Ring the school with `code`; the view stays. */
  choose(code) {
    for (const id of ["school-halo", "school-chosen"]) {
      if (this.map.getLayer(id)) {
        this.map.setFilter(id, ["==", ["get", "code"], code]);
      }
    }
  }

  goTo([lon, lat]) {
    this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), CLOSE_ZOOM) }, { isOurs: true });
  }

  /** @returns {number} of tiles of 512 pixels */
  zoom() {
    return this.map.getZoom();
  }

  centre() {
    return this.map.getCenter();
  }

  /** Return to a view of before. */
  show([lon, lat, zoom]) {
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  fit([west, south, east, north]) {
    this.map.fitBounds([[west, south], [east, north]], { padding: this.#padding() }, { isOurs: true });
  }

  zoomBy(step) {
    this.map.easeTo({ zoom: this.map.getZoom() + step }, { isOurs: true });
  }
}
