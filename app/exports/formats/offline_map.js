/* The offline map's own code: shapes by grade, popups as text. `MEKTEP` holds words and colours. */
"use strict";

const mektepIcons = {};

function mektepPoint(feature, latlng) {
  const grade = feature.properties.g || "U";
  mektepIcons[grade] ??= L.divIcon({
    className: "grade-mark",
    iconSize: [18, 18],
    html: `<svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true"><use href="#grade-${grade}"/></svg>`,
  });
  return L.marker(latlng, {
    icon: mektepIcons[grade],
    title: feature.properties.n,
    alt: feature.properties.n,
    zIndexOffset: 1000 * "UABCDE".indexOf(grade), // the worst lie on top
  });
}

function mektepRow(table, label, value) {
  const row = table.insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = label;
  row.append(head);
  row.insertCell().textContent = value;
}

function mektepPopup(properties) {
  const box = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = properties.n;
  const table = document.createElement("table");
  for (const [key, label] of Object.entries(MEKTEP.labels)) {
    mektepRow(table, label, properties[key] ?? MEKTEP.unknown);
  }
  box.append(title, table);
  if (MEKTEP.mark) {
    const mark = document.createElement("em");
    mark.textContent = MEKTEP.mark;
    box.append(mark);
  }
  return box;
}

function mektepSchool(feature, layer) {
  layer.bindPopup(() => mektepPopup(feature.properties), { maxWidth: 320 });
}

function mektepAreaText(feature) {
  const box = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = feature.properties.n;
  const text = document.createElement("div");
  text.textContent = feature.properties.t;
  box.append(title, text);
  return box;
}

function mektepArea(feature, layer) {
  layer.bindTooltip(() => mektepAreaText(feature), { sticky: true });
  if (feature.properties.l) {
    mektepNames.push(mektepName(feature.properties));
  }
}

/** Lakes have their name on the map; a river's is left out, a line has no place for it. */
function mektepWater(feature) {
  if (feature.properties.l) {
    mektepNames.push(mektepName(feature.properties, "area-name water-name"));
  }
}

const mektepNames = [];

function mektepName({ n, l }, className = "area-name") {
  const text = document.createElement("span");
  text.textContent = n;
  return L.marker(l, {
    icon: L.divIcon({ className, html: text, iconSize: null }),
    interactive: false,
    keyboard: false,
    zIndexOffset: 9000,
  });
}

/** Show the names of areas that do not cover an earlier one, at each zoom. */
function mektepShowNames(map) {
  const shown = [];
  for (const name of mektepNames) {
    name.addTo(map);
    const box = name.getElement().firstChild.getBoundingClientRect();
    const covers = shown.some((other) => box.left < other.right + 4 && other.left < box.right + 4 && box.top < other.bottom + 2 && other.top < box.bottom + 2);
    if (covers) {
      name.remove();
    } else {
      shown.push(box);
    }
  }
}

/** What comes after the map's layers: names, and a scale with the units of the reader's language. */
function mektepFinish(map) {
  const plain = L.Control.Scale.prototype;
  const Scale = L.Control.Scale.extend({
    _updateScale(bar, text, ratio) {
      const [length, unit] = text.split(" ");
      plain._updateScale.call(this, bar, `${length}\u00a0${MEKTEP.units[unit]}`, ratio);
    },
  });
  new Scale({ imperial: false }).addTo(map);
  map.on("zoomend", () => mektepShowNames(map));
  mektepShowNames(map);
}
