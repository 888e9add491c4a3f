/* The simple map for browsers without WebGL: Leaflet, areas and schools as SVG, the same choices. */

import { classOf } from "../lib/classes.js";
import { isDrawn } from "../lib/style.js";
import { BaseMap } from "./map_leaflet_base.js";

const CLOSE_ZOOM = 11;
const HIDDEN = { stroke: false, fill: false };

/** Same contract as `start` of map_gl.js. */
export async function start(element, config, handlers) {
  await Promise.all([import(config.urls.leaflet), addSheet(config.urls.leafletCss)]);
  const shapes = await read(config, "&base=1");
  const holder = document.createElement("div");
  holder.className = "leaf";
  element.append(holder);
  element.querySelector(".drawn").classList.add("covered");
  element.querySelector(".drawn").inert = true;
  return new LeafletEngine(holder, config, shapes, handlers);
}

function addSheet(address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

async function read(config, more = "") {
  const joint = config.urls.shapes.includes("?") ? "&" : "?";
  const answer = await fetch(`${config.urls.shapes}${joint}by=${config.levels.shown}${more}`);
  if (!answer.ok) {
    throw new Error(`shapes: status ${answer.status}`);
  }
  return answer.json();
}

/** @returns {object} the scale bar with its units in the reader's language */
function scaleIn(leaflet, words, options) {
  const plain = leaflet.Control.Scale.prototype;
  const Scale = leaflet.Control.Scale.extend({
    _updateScale(bar, text, ratio) {
      const [length, unit] = text.split(" ");
      plain._updateScale.call(this, bar, `${length}\u00a0${unit === "km" ? words.km : words.m}`, ratio);
    },
  });
  return new Scale(options);
}

class LeafletEngine {
  constructor(holder, config, shapes, handlers) {
    const leaflet = window.L;
    this.leaflet = leaflet;
    this.config = config;
    this.handlers = handlers;
    this.map = leaflet.map(holder, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 4, maxZoom: 16 });
    scaleIn(leaflet, config.words, { imperial: false, position: "bottomright" }).addTo(this.map);
    if (config.view) {
      this.map.setView([config.view[1], config.view[0]], config.view[2] + 1);
    } else {
      this.fit(config.bounds);
    }
    this.map.on("moveend", () => handlers.onMove(this.map.getCenter(), this.map.getZoom() - 1));
    this.map.on("zoomend", () => this.#resize());
    this.#show(shapes);
    this.base = new BaseMap(leaflet, this.map, shapes.base, config.lang);
  }

  #show(shapes) {
    const { leaflet, map, config } = this;
    this.areas?.remove();
    this.schools?.remove();
    this.areas = leaflet.geoJSON(shapes.areas, {
      style: (feature) => this.#shade(feature.properties),
      onEachFeature: (feature, layer) => {
        layer.on("click", () => this.handlers.onArea(feature.properties.code));
        layer.bindTooltip(feature.properties[`name_${config.lang}`] ?? feature.properties.name_ky, { sticky: true });
      },
    }).addTo(map);
    this.#showPictures();
    this.schools = leaflet.layerGroup().addTo(map);
    this.marks = new Map();
    for (const [lon, lat, grade, code, rank, name, isFunded] of shapes.schools) {
      const mark = leaflet.marker([lat, lon], { icon: this.#icon(grade, code, isFunded), keyboard: false, alt: name, zIndexOffset: isFunded ? 0 : -rank });
      mark.grade = grade;
      mark.isFunded = isFunded;
      mark.on("click", () => this.handlers.onSchool(code));
      mark.bindTooltip(`${name} · ${config.words.rank} ${rank} · ${grade === "U" ? config.words.unknown : grade}${isFunded ? ` · ${config.words.funded}` : ""}`);
      this.marks.set(code, mark);
    }
    this.switchClasses(config);
  }

  /** Rasters over the areas and under the water, as on the full map. */
  #showPictures() {
    const { leaflet, map } = this;
    if (!map.getPane("pictures")) {
      const pane = map.createPane("pictures");
      pane.style.zIndex = 420;
      pane.style.pointerEvents = "none";
    }
    this.pictures?.remove();
    this.pictures = leaflet.layerGroup().addTo(map);
    for (const { picture } of this.config.hazards.filter(isDrawn)) {
      if (picture) {
        const [west, south, east, north] = picture.bounds;
        this.pictures.addLayer(leaflet.imageOverlay(picture.address, [[south, west], [north, east]], { pane: "pictures", opacity: 0.65, className: "picture" }));
      }
    }
  }

  #icon(grade, code, isFunded) {
    const zoom = this.map.getZoom();
    const size = zoom < 6 ? 6 : zoom < 7.5 ? 9 : zoom < 9 ? 12 : 16;
    const picked = code === this.config.school?.code ? " chosen" : "";
    const icons = document.querySelector("use[href*='#g-']").getAttribute("href").split("#")[0];
    return this.leaflet.divIcon({
      className: `mark g-${grade}${picked}`,
      iconSize: [size, size],
      html: `<svg width="${size}" height="${size}" aria-hidden="true"><use href="${icons}#g-${grade}"/></svg>${isFunded ? `<svg class="flag" width="12" height="12" aria-hidden="true"><use href="${icons}#flag"/></svg>` : ""}`,
    });
  }

  #shade(area) {
    const number = classOf(area, this.config.indicator);
    if (!this.config.shades.includes(number)) {
      return { ...HIDDEN, stroke: true, className: "u" };
    }
    const isUnder = this.config.hazards.some(({ isOn, picture }) => isOn && picture);
    return { className: `u k${number}`, weight: 1, fillOpacity: isUnder ? 0.3 : 1 };
  }

  #resize() {
    for (const [code, mark] of this.marks) {
      mark.setIcon(this.#icon(mark.grade, code, mark.isFunded));
    }
  }

  async update(config) {
    this.config = config;
    const shapes = await read(config);
    if (this.config === config) {
      this.#show(shapes);
    }
  }

  switchClasses(config) {
    this.config = config;
    for (const mark of this.marks.values()) {
      const isOn = !config.grades.length || config.grades.includes(mark.grade);
      if (isOn) {
        this.schools.addLayer(mark);
      } else {
        this.schools.removeLayer(mark);
      }
    }
    this.areas.eachLayer((layer) => {
      const number = classOf(layer.feature.properties, config.indicator);
      layer.getElement()?.classList.toggle("off", !config.shades.includes(number));
    });
  }

  choose(code) {
    const before = this.chosen;
    this.chosen = code;
    for (const one of [before, code]) {
      const mark = this.marks.get(one);
      mark?.setIcon(this.#icon(mark.grade, one, mark.isFunded));
    }
  }

  goTo([lon, lat]) {
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), CLOSE_ZOOM));
  }

  /** @returns {number} of tiles of 512 pixels, one less than this map's own */
  zoom() {
    return this.map.getZoom() - 1;
  }

  centre() {
    return this.map.getCenter();
  }

  /** Return to a view of before. */
  show([lon, lat, zoom]) {
    this.map.setView([lat, lon], zoom + 1);
  }

  fit([west, south, east, north]) {
    const isBeside = getComputedStyle(document.querySelector(".sheet")).display === "contents";
    this.map.fitBounds([[south, west], [north, east]], { paddingTopLeft: [8, isBeside ? 72 : 8], paddingBottomRight: [8, isBeside ? Math.min(document.querySelector(".legend").offsetHeight * 0.8, this.map.getSize().y * 0.4) : 130] });
  }

  zoomBy(step) {
    this.map.setZoom(this.map.getZoom() + step);
  }
}
