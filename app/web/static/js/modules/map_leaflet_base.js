/* The base map under and over the simple map: borders, lakes, rivers, and names that do not cover each other. */

import { declutter } from "../lib/labels.js";

const BEHIND = ["country", "neighbour"];
const LABELS = ["neighbour_label", "oblast_label", "lake_label", "place"];
const OBLAST_NAMES_UNTIL = 7.6;
const PLACES_FROM = 7.5;

export class BaseMap {
  /**
   * @param {object} leaflet - the library
   * @param {object} map - its map
   * @param {object} features - GeoJSON: kind, min_zoom (of 512-pixel tiles, one less than the map's), names
   * @param {string} lang
   */
  constructor(leaflet, map, features, lang) {
    this.leaflet = leaflet;
    this.map = map;
    this.lang = lang;
    this.#pane("behind", 350);
    this.#pane("water", 450);
    this.#pane("names", 650);
    const shapes = features.features.filter(({ properties }) => !LABELS.includes(properties.kind));
    for (const kind of [...BEHIND, "river", "lake", "oblast"]) {
      this.#draw(shapes.filter(({ properties }) => properties.kind === kind), kind);
    }
    this.labels = features.features
      .filter(({ properties }) => LABELS.includes(properties.kind))
      .sort((a, b) => LABELS.indexOf(a.properties.kind) - LABELS.indexOf(b.properties.kind) || a.properties.rank - b.properties.rank)
      .map((feature) => this.#label(feature));
    this.names = leaflet.layerGroup().addTo(map);
    map.on("moveend", () => this.#place());
    this.#place();
  }

  #pane(name, height) {
    this.map.createPane(name).style.zIndex = height;
  }

  #draw(features, kind) {
    const pane = BEHIND.includes(kind) ? "behind" : "water";
    const className = `base-${kind}${kind === "lake" || kind === "river" ? ` ${kind}` : ""}`;
    this.leaflet.geoJSON(features, { pane, interactive: false, style: { className, weight: 1, fill: kind === "lake" || kind === "country", fillOpacity: 1 } }).addTo(this.map);
  }

  #label({ geometry, properties }) {
    const text = properties[`name_${this.lang}`] ?? properties.name_ky ?? "";
    const element = document.createElement("span");
    element.textContent = text;
    const icon = this.leaflet.divIcon({ className: `name ${properties.kind}`, html: element, iconSize: null });
    const [lon, lat] = geometry.coordinates;
    const marker = this.leaflet.marker([lat, lon], { icon, pane: "names", interactive: false, keyboard: false });
    return { marker, kind: properties.kind, minZoom: properties.min_zoom, width: 7 * text.length + 4 };
  }

  /** Show the names of this zoom and view, the most important first, none over another. */
  #place() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds().pad(0.1);
    const wanted = this.labels.filter((label) => isOfZoom(label, zoom) && view.contains(label.marker.getLatLng()));
    const boxes = wanted.map((label) => {
      const { x, y } = this.map.latLngToLayerPoint(label.marker.getLatLng());
      return { left: x - label.width / 2, top: y - 8, width: label.width, height: 16 };
    });
    const shown = declutter(boxes, 4);
    this.names.clearLayers();
    wanted.forEach((label, n) => shown[n] && this.names.addLayer(label.marker));
  }
}

function isOfZoom({ kind, minZoom }, zoom) {
  if (kind === "oblast_label") {
    return zoom < OBLAST_NAMES_UNTIL;
  }
  return kind === "place" ? zoom >= PLACES_FROM && zoom - 1 >= minZoom : zoom - 1 >= minZoom;
}
