/* Weights that re-rank the list while they move; the page without this module does the same by its form. */

import { Steps, movesOf, orderOf, ranksOf, rebalance, scoresOf, sumOf, written } from "../lib/reranking.js";

const SIGNS = {
  stays: (x, y) => ["circle", { cx: x, cy: y, r: 3 }],
  enters: (x, y) => ["path", { transform: `translate(${x} ${y})`, d: "M0-6 5.500 4H-5.500z" }],
  leaves: (x, y) => ["path", { transform: `translate(${x} ${y})`, d: "M0 6 5.500-4H-5.500z" }],
};
const PAUSE_MS = 400;

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
/** A weight typed with a point or a comma, in thousandths. */
const unitsOf = (text) => Math.round(Number(text.trim().replace(",", ".") || NaN) * 1000);
const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** One workbench: its fields, the values of the run, the steps that can be undone. */
class Bench {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.say = root.dataset;
    this.form = root.querySelector("form");
    this.numbers = [...this.form.querySelectorAll(".pair input[type=text]")];
    this.values = data.schools.map((school) => school[6]);
    this.before = Int32Array.from(data.schools, (school) => school[4]);
    this.units = this.numbers.map((field) => unitsOf(field.value));
    this.steps = new Steps([...this.units]);
    this.point = document.documentElement.lang === "en" ? "." : ",";
    this.sliders = this.numbers.map((field, place) => this.slider(field, place));
    this.wire();
  }

  slider(field, place) {
    const made = element("input");
    made.type = "range";
    made.min = this.data.low[place];
    made.max = this.data.high[place];
    made.value = this.units[place];
    made.setAttribute("aria-label", field.labels[0].textContent.trim());
    made.setAttribute("aria-valuetext", this.local(this.units[place]));
    made.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    field.parentElement.querySelector(".slot").append(made);
    made.addEventListener("input", () => this.move(place, Number(made.value)));
    made.addEventListener("change", () => this.settle());
    field.addEventListener("change", () => {
      const wish = unitsOf(field.value);
      this.move(place, Number.isFinite(wish) ? wish : this.units[place]);
      this.settle();
    });
    return made;
  }

  wire() {
    this.undo = document.getElementById("bench-undo");
    this.redo = document.getElementById("bench-redo");
    this.undo.hidden = false;
    this.redo.hidden = false;
    this.undo.addEventListener("click", () => this.go(this.steps.undo()));
    this.redo.addEventListener("click", () => this.go(this.steps.redo()));
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.matches("[type=text]:not([inputmode=decimal]), textarea")) return;
      event.preventDefault();
      this.go(event.shiftKey ? this.steps.redo() : this.steps.undo());
    });
    for (const name of ["area", "show"]) {
      this.form.elements[name].addEventListener("change", () => { this.draw(); this.settle(); });
    }
    document.getElementById("bench-share").addEventListener("click", (event) => this.copy(event));
    this.marks();
  }

  /** A weight as the language of the page writes it; addresses and forms hold it with a point. */
  local(units) {
    return written(units).replace(".", this.point);
  }

  move(place, value) {
    const wish = [...this.units];
    wish[place] = value;
    this.units = rebalance(wish, this.data.low, this.data.high, place);
    this.draw();
  }

  go(units) {
    this.units = [...units];
    this.draw();
    this.settle();
  }

  /** A weight came to rest: the step can be undone, the address holds it, and who listens is told. */
  settle() {
    this.steps.add(this.units);
    this.marks();
    const query = new URLSearchParams(new FormData(this.form));
    this.numbers.forEach((field, place) => query.set(field.name, written(this.units[place])));
    if (!query.get("area")) query.delete("area");
    if (query.get("show") === "50") query.delete("show");
    window.history.replaceState(null, "", `?${query}`);
    document.getElementById("bench-share").href = `?${query}`;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.tell(), PAUSE_MS);
  }

  marks() {
    this.undo.disabled = !this.steps.canUndo;
    this.redo.disabled = !this.steps.canRedo;
  }

  async copy(event) {
    if (!navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(event.currentTarget.href);
    this.said([this.say.copied]);
  }

  draw() {
    performance.mark("rerank-start");
    const scores = scoresOf(this.values, this.units, this.data.unknown);
    const order = orderOf(scores);
    this.ranks = ranksOf(order);
    this.fields();
    this.rows(order, scores);
    this.signs();
    performance.measure("rerank", "rerank-start");
  }

  fields() {
    const kept = document.querySelectorAll("#bench-save input[type=hidden]");
    const here = document.getElementById("s-here");
    if (here) here.value = this.units.join("-");
    this.units.forEach((units, place) => {
      const text = this.local(units);
      this.numbers[place].value = text;
      this.numbers[place].removeAttribute("aria-invalid");
      this.sliders[place].value = units;
      this.sliders[place].setAttribute("aria-valuetext", text);
      for (const field of kept) if (field.name === this.numbers[place].name) field.value = written(units);
    });
    document.getElementById("bench-sum").textContent = this.local(sumOf(this.units));
  }

  rows(order, scores) {
    const area = this.data.area_codes.indexOf(this.form.elements.area.value);
    const most = Number(this.form.elements.show.value);
    const body = document.createDocumentFragment();
    let shown = 0;
    for (const place of order) {
      if (shown === most) break;
      if (area >= 0 && this.data.schools[place][2] !== area) continue;
      body.append(this.row(place, scores[place]));
      shown += 1;
    }
    document.getElementById("bench-rows").replaceChildren(body);
  }

  row(place, score) {
    const [code, name, area, grade, before] = this.data.schools[place];
    const row = element("tr");
    const rank = element("td", "r num");
    rank.append(element("b", "", grouped(this.ranks[place])));
    const step = element("td", "nb");
    step.append(this.step(before - this.ranks[place]));
    const school = element("th");
    school.scope = "row";
    const link = element("a", "", name);
    link.href = this.say.school.replace(/0$/, encodeURIComponent(code));
    school.append(link, element("span", "sub", this.data.areas[area] ?? ""));
    const badge = element("td", "ph");
    badge.append(this.root.querySelector(`template[data-grade="${grade ?? ""}"]`).content.cloneNode(true));
    row.append(rank, step, school, badge, element("td", "r num", score.toFixed(1).replace(".", this.point)), element("td", "r num ph", grouped(before)));
    return row;
  }

  step(places) {
    const [kind, sign, words] = places > 0 ? ["up", "▲ ", this.say.placesUp] : places < 0 ? ["down", "▼ ", this.say.placesDown] : ["same", "=", this.say.notMoved];
    const made = element("span", kind, places ? `${sign}${grouped(Math.abs(places))}` : sign);
    made.append(element("span", "vh", ` ${words}`));
    return made;
  }

  signs() {
    const group = document.getElementById("bench-signs");
    const { top } = this.data;
    const drawn = { stays: [], leaves: [], enters: [] };
    this.data.schools.forEach((school, place) => {
      const was = this.before[place] <= top;
      const is = this.ranks[place] <= top;
      if (school[5] && (was || is)) drawn[was && is ? "stays" : is ? "enters" : "leaves"].push(school[5]);
    });
    const made = document.createDocumentFragment();
    for (const [kind, places] of Object.entries(drawn)) {
      for (const [x, y] of places) {
        const [name, attributes] = SIGNS[kind](x, y);
        const sign = document.createElementNS("http://www.w3.org/2000/svg", name);
        sign.setAttribute("class", kind);
        for (const [key, value] of Object.entries(attributes)) sign.setAttribute(key, value);
        made.append(sign);
      }
    }
    group.replaceChildren(made);
  }

  tell() {
    const moves = movesOf(this.before, this.ranks, this.data.top);
    if (!moves.moved) {
      this.said([this.say.none]);
      return;
    }
    const numbers = { moved: grouped(moves.moved), total: grouped(this.ranks.length), entered: grouped(moves.entered), top: grouped(this.data.top) };
    const told = [filled(this.say.moved, numbers)];
    for (const [place, text] of [[moves.rise, this.say.rise], [moves.fall, this.say.fall]]) {
      if (place >= 0) told.push(filled(text, { school: this.data.schools[place][1], before: grouped(this.before[place]), after: grouped(this.ranks[place]) }));
    }
    this.said(told);
  }

  said(texts) {
    document.getElementById("bench-said").replaceChildren(...texts.map((text) => element("p", "", text)));
  }
}

/** @param {HTMLElement} root */
export async function mount(root) {
  const answer = await fetch(root.dataset.values);
  if (!answer.ok) return;
  root.bench = new Bench(root, await answer.json());
  root.dataset.ready = "1";
}
