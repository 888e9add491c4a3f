/* The state of the map as an address: readable parameters, defaults left out. Pure. */

/** Parameters that a group of boxes gives; all boxes chosen means no restriction. */
const GROUPS = ["grade", "confidence", "ownership", "shade"];

/** Parameters that the script keeps beside the form. */
const KEPT = ["school", "at"];

/**
 * @param {Array<[string, string]>} entries - of the form, in order
 * @param {Record<string, string[]>} all - every value that a group offers
 * @param {URLSearchParams} before - the present address
 * @returns {URLSearchParams} the next address; `offset` is dropped, the list starts again
 */
export function nextParameters(entries, all, before) {
  const chosen = new Map();
  for (const [name, value] of entries) {
    if (value !== "") {
      chosen.set(name, [...(chosen.get(name) ?? []), value]);
    }
  }
  const isOtherArea = (chosen.get("area")?.[0] ?? null) !== before.get("area");
  for (const name of KEPT) {
    const value = before.get(name);
    // Another area is shown whole: the view of before would place the reader, and the level, elsewhere.
    if (value && !chosen.has(name) && !(name === "at" && isOtherArea)) {
      chosen.set(name, [value]);
    }
  }
  if (all.hz) {
    chosen.set("hz", hazardClasses(chosen.get("hz") ?? [], all.hz));
  }
  const next = new URLSearchParams();
  for (const [name, values] of chosen) {
    const offered = all[name];
    if (offered && GROUPS.includes(name) && values.length === offered.length) {
      continue;
    }
    if ((name === "show" && values[0] === "at_risk") || (name === "by" && values[0] === "auto")) {
      continue;
    }
    if (values.length) {
      next.set(name, values.join(","));
    }
  }
  if (all.shade && !chosen.has("shade")) {
    next.set("shade", "none");
  }
  return next;
}

/** Classes `code.level` as the address has them: a layer with all of its classes is left out, one with none says so. */
function hazardClasses(chosen, offered) {
  const codes = [...new Set(offered.map(codeOf))];
  return codes.flatMap((code) => {
    const mine = chosen.filter((value) => codeOf(value) === code);
    const isWhole = mine.length === offered.filter((value) => codeOf(value) === code).length;
    return isWhole ? [] : mine.length ? mine : [`${code}.none`];
  });
}

function codeOf(value) {
  return value.slice(0, value.lastIndexOf("."));
}

/**
 * @param {object[]} hazards - of the page's configuration
 * @param {string[]} chosen - classes `code.level` whose boxes are ticked
 * @returns {object[]} the same with the levels that are drawn; null stands for the unknown one
 */
export function withShown(hazards, chosen) {
  const levelOf = (value) => (value.endsWith(".unknown") ? null : Number(value.slice(value.lastIndexOf(".") + 1)));
  return hazards.map((hazard) => (hazard.isOn && hazard.hasSwitches
    ? { ...hazard, shown: chosen.filter((value) => codeOf(value) === hazard.code).map(levelOf) }
    : hazard));
}

/**
 * @param {{lng: number, lat: number}} centre
 * @param {number} zoom
 * @returns {string} `lon,lat,zoom` with the digits that a screen can show
 */
export function writeView(centre, zoom) {
  return `${centre.lng.toFixed(4)},${centre.lat.toFixed(4)},${zoom.toFixed(2)}`;
}

/**
 * @param {URLSearchParams} parameters
 * @returns {string} with commas left readable
 */
export function readable(parameters) {
  const text = parameters.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
