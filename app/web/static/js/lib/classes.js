/* Classes of areas: the same bounds as on the server, handed over in the page. Pure. */

/** The class of what is unknown; drawn hatched, never pale. */
export const NO_DATA = 0;

/**
 * @typedef {{attribute: string, breaks: number[], isReversed: boolean, needsCover: boolean}} Indicator
 */

/**
 * @param {Record<string, unknown>} area - attributes of a tile or a feature
 * @param {Indicator} indicator
 * @returns {number} 1..5 (5 is darkest), 0 when unknown or too little is covered
 */
export function classOf(area, indicator) {
  const value = area[indicator.attribute];
  if (value === null || value === undefined || (indicator.needsCover && area.is_rankable !== true)) {
    return NO_DATA;
  }
  const step = indicator.breaks.filter((bound) => value >= bound).length;
  return indicator.isReversed ? 5 - step : step + 1;
}

/**
 * The same rule as an expression of the map's style.
 * @param {Indicator} indicator
 * @returns {unknown[]} giving the class number
 */
export function classExpression(indicator) {
  const value = ["get", indicator.attribute];
  const steps = indicator.breaks.flatMap((bound, n) => [bound, indicator.isReversed ? 4 - n : n + 2]);
  const known = indicator.needsCover
    ? ["all", ["has", indicator.attribute], ["==", ["get", "is_rankable"], true]]
    : ["has", indicator.attribute];
  return ["case", known, ["step", ["to-number", value], indicator.isReversed ? 5 : 1, ...steps], NO_DATA];
}
