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
}
