/* A list under other weights: the arithmetic of app/prioritisation/weights.py, held against it by tests. Pure. */

export const UNITS = 1000;
const STEPS = 60;
const ROUND = 1e9;

/**
 * @param {number[]} units - thousandths
 * @returns {number}
 */
export const sumOf = (units) => units.reduce((total, value) => total + value, 0);

/** @param {number} units - thousandths; 300 becomes "0.300" */
export const written = (units) => `${Math.floor(units / UNITS)}.${String(units % UNITS).padStart(3, "0")}`;

const held = (value, least, most) => Math.min(Math.max(value, least), most);

function scaled(units, limits, total) {
  let low = 0;
  let high = UNITS;
  for (let step = 0; step < STEPS; step += 1) {
    const factor = (low + high) / 2;
    let sum = 0;
    for (const [place, value] of units.entries()) sum += held(factor * value, ...limits[place]);
    if (sum < total) low = factor;
    else high = factor;
  }
  return units.map((value, place) => held(high * value, ...limits[place]));
}

/**
 * Weights of sum 1: the others keep their proportions to each other and stop at their bounds.
 *
 * @param {number[]} units - thousandths, any sum
 * @param {number[]} low
 * @param {number[]} high
 * @param {number} kept - place of the weight that was moved
 */
export function rebalance(units, low, high, kept) {
  const found = [...units];
  const others = units.map((_, place) => place).filter((place) => place !== kept);
  const least = Math.max(low[kept], UNITS - sumOf(others.map((place) => high[place])));
  const most = Math.min(high[kept], UNITS - sumOf(others.map((place) => low[place])));
  found[kept] = held(units[kept], least, most);
  const left = UNITS - found[kept];
  const exact = scaled(others.map((place) => Math.max(units[place], 1)), others.map((place) => [low[place], high[place]]), left);
  const floors = exact.map((value) => Math.floor(value + 1e-9));
  let missing = left - sumOf(floors);
  const byRest = others.map((_, place) => place).sort((a, b) => exact[b] - floors[b] - (exact[a] - floors[a]) || a - b);
  for (const place of [...byRest, ...byRest]) {
    if (missing > 0 && floors[place] < high[others[place]]) {
      floors[place] += 1;
      missing -= 1;
    }
  }
  others.forEach((place, number) => { found[place] = floors[number]; });
  return found;
}

/** Round as the server's library does: a half goes to the even number. */
export function evenly(value) {
  const whole = Math.round(value);
  return whole - value === 0.5 && whole % 2 !== 0 ? whole - 1 : whole;
}

/**
 * @param {(number | null)[][]} values - per school v of each of eight factors; null = unknown
 * @param {number[]} units - thousandths
 * @param {number} unknown - v of an unknown factor
 * @returns {Float64Array}
 */
export function scoresOf(values, units, unknown) {
  const points = units.map((value) => 100 * (value / UNITS));
  const scores = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const v = values[row];
    const p = (place) => (v[place] ?? unknown) * points[place];
    const sum = p(0) + p(1) + (p(2) + p(3)) + (p(4) + p(5) + (p(6) + p(7)));
    scores[row] = evenly(sum * ROUND) / ROUND;
  }
  return scores;
}

/**
 * @param {Float64Array} scores - of schools in the order in which ties stand
 * @returns {Int32Array} places of the schools, the most urgent first
 */
export function orderOf(scores) {
  const order = Int32Array.from(scores, (_, place) => place);
  return order.sort((a, b) => scores[b] - scores[a] || a - b);
}

/** @param {Int32Array} order - see orderOf; returns the rank of each school, from 1 */
export function ranksOf(order) {
  const ranks = new Int32Array(order.length);
  order.forEach((place, number) => { ranks[place] = number + 1; });
  return ranks;
}

/**
 * Who enters and who leaves the first ``top``, and who rises and falls most.
 *
 * @param {Int32Array} before
 * @param {Int32Array} after
 * @param {number} top
 */
export function movesOf(before, after, top) {
  const moves = { moved: 0, entered: 0, rise: -1, fall: -1 };
  for (let place = 0; place < after.length; place += 1) {
    const step = before[place] - after[place];
    if (step !== 0) moves.moved += 1;
    if (after[place] <= top && before[place] > top) moves.entered += 1;
    if (step > 0 && (moves.rise < 0 || step > before[moves.rise] - after[moves.rise])) moves.rise = place;
    if (step < 0 && (moves.fall < 0 || step < before[moves.fall] - after[moves.fall])) moves.fall = place;
  }
  return moves;
}

/** States that can be taken back and done again; the last of ``past`` is the one shown. */
export class Steps {
  /** @param {number[]} first */
  constructor(first) {
    this.past = [first];
    this.future = [];
  }

  get now() { return this.past.at(-1); }

  get canUndo() { return this.past.length > 1; }

  get canRedo() { return this.future.length > 0; }

  /** @param {number[]} state */
  add(state) {
    if (state.every((value, place) => value === this.now[place])) return;
    this.past.push([...state]);
    this.future = [];
  }

  undo() {
    if (this.canUndo) this.future.push(this.past.pop());
    return this.now;
  }

  redo() {
    if (this.canRedo) this.past.push(this.future.pop());
    return this.now;
  }
}
