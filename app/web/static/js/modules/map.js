/* The map page: one address as the state, the server's own parts swapped in, list and map linked both ways. */

import { nextParameters, readable, withShown, writeView } from "../lib/address.js";
import { MapCard } from "./map_card.js";
import { startEngine } from "./map_engine.js";
import { mountFinder } from "./map_finder.js";
import { mountKeys } from "./map_keys.js";
import { focusPath, restoreFocus } from "../lib/focus.js";
import { levelAt } from "../lib/style.js";

const PARTS = ["rail", "title", "legend", "key", "list", "areas", "drawn"];
/** What counts areas: written anew when a zoom shows another level. */
const COUNTING = ["title", "legend", "key", "areas", "drawn"];
const WAIT_MS = 250;

/** @param {HTMLElement} element - the page's main element with its configuration */
export async function mount(element) {
  const page = new MapPage(element);
  await page.start();
}

class MapPage {
  constructor(element) {
    this.element = element;
    this.config = JSON.parse(element.dataset.config);
    this.live = element.querySelector("[data-live]");
    this.card = new MapCard(this);
    this.canvas = element.querySelector("[data-map]");
  }

  async start() {
    this.element.classList.add("ready");
    this.element.addEventListener("change", (event) => this.#changed(event));
    this.element.addEventListener("submit", (event) => this.#submitted(event));
    this.element.addEventListener("click", (event) => this.#clicked(event));
    this.at = new URLSearchParams(location.search).get("at");
    window.addEventListener("popstate", () => this.load(new URLSearchParams(location.search), { isNew: false, isReturn: true }));
    this.finder = mountFinder(this);
    mountKeys(this);
    const handlers = {
      onSchool: (code) => this.choose(code),
      onArea: (code) => this.showArea(code),
      onMove: (centre, zoom) => this.#moved(centre, zoom),
    };
    this.engine = await startEngine(this.canvas, this.config, handlers, (words) => this.note(words));
    this.#markRow();
    this.#matchLevel();
  }

  /** Say something on the map for as long as it holds. */
  note(words) {
    const note = this.element.querySelector("[data-note]");
    note.textContent = words;
    note.hidden = false;
  }

  /** Say something to a screen reader. */
  say(words) {
    this.live.textContent = words;
  }

  #changed(event) {
    if (event.target.form?.id !== "mapform" || event.target.type === "search") {
      return;
    }
    clearTimeout(this.timer);
    this.isAsked = true;
    const isQuick = ["grade", "shade", "hz"].includes(event.target.name);
    if (isQuick) {
      this.#switchClasses();
    }
    this.timer = setTimeout(() => this.load(this.#fromForm()), WAIT_MS);
  }

  #switchClasses() {
    const chosen = (name) => [...this.element.querySelectorAll(`input[name=${name}]`)].filter((box) => box.checked).map((box) => box.value);
    const grades = chosen("grade").map((grade) => (grade === "unknown" ? "U" : grade));
    this.config.shades = chosen("shade").map(Number);
    this.config.grades = grades.length === 6 ? [] : grades;
    this.config.hazards = withShown(this.config.hazards, chosen("hz"));
    this.engine?.switchClasses(this.config);
  }

  #fromForm() {
    const form = this.element.querySelector("#mapform");
    const all = {};
    for (const box of form.elements) {
      if (box.type === "checkbox") {
        all[box.name] = [...(all[box.name] ?? []), box.value];
      }
    }
    return nextParameters([...new FormData(form)], all, new URLSearchParams(location.search));
  }

  #submitted(event) {
    if (event.target.id === "mapform") {
      event.preventDefault();
      this.load(this.#fromForm());
    }
  }

  /** Load the state of an address: the server writes the parts, the map takes the new configuration. */
  async load(parameters, { isNew = true, isReturn = false, parts = PARTS } = {}) {
    const address = this.config.urls.page + readable(parameters);
    const focused = focusPath(this.element);
    const mine = (this.loads = (this.loads ?? 0) + 1);
    this.isAsked = false;
    this.element.setAttribute("aria-busy", "true");
    let text;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) {
        throw new Error(`status ${answer.status}`);
      }
      text = await answer.text();
    } catch {
      location.assign(address);
      return;
    } finally {
      if (mine === this.loads) {
        this.element.removeAttribute("aria-busy");
      }
    }
    if (mine !== this.loads || this.isAsked) return; // another state was asked for: what was ticked since stays
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const isWhole = parts === PARTS;
    this.#replaceParts(fresh, parts);
    document.title = fresh.title;
    const before = this.config;
    this.config = { ...JSON.parse(fresh.querySelector("main").dataset.config), ...(isWhole ? {} : { school: before.school }) };
    if (isNew) {
      history.pushState(null, "", address);
    }
    if (isWhole) {
      this.finder = mountFinder(this);
      this.card.follow(fresh, isReturn);
    }
    restoreFocus(this.element, focused);
    const updated = this.engine?.update(this.config);
    if (isWhole) {
      this.#moveTo(parameters.get("at"), before.area !== this.config.area, isReturn);
    }
    this.#markRow();
    this.say(this.element.querySelector("h1").textContent);
    await updated;
  }

  #replaceParts(fresh, names) {
    for (const name of names) {
      const part = this.element.querySelector(`[data-part=${name}]`);
      const next = fresh.querySelector(`[data-part=${name}]`);
      if (part && next) {
        const open = [...part.querySelectorAll("details")].map((one) => one.open);
        part.replaceChildren(...next.childNodes);
        part.querySelectorAll("details").forEach((one, n) => (one.open = open[n] ?? one.open));
      }
    }
  }

  /** Show the area that was chosen; on the way back the view that was left. */
  #moveTo(at, isOtherArea, isReturn) {
    const isOtherView = isReturn && at !== this.at;
    this.at = at;
    if (isOtherView && this.config.view) {
      this.engine?.show(this.config.view);
    } else if (isOtherView || isOtherArea) {
      this.engine?.fit(this.config.bounds);
    } else {
      this.#matchLevel();
    }
  }

  /** Count anew when the zoom shows another level of areas than the legend counts; not before another state is there. */
  #matchLevel() {
    if (!this.engine || this.element.hasAttribute("aria-busy") || levelAt(this.config, this.engine.zoom()) === this.config.levels.shown) {
      return;
    }
    const parameters = new URLSearchParams(location.search);
    this.at = writeView(this.engine.centre(), this.engine.zoom());
    parameters.set("at", this.at);
    history.replaceState(null, "", this.config.urls.page + readable(parameters));
    this.load(parameters, { isNew: false, parts: COUNTING });
  }

  /** Choose a school: card, row and ring; the map stays where it is. What was searched for can be gone back from. */
  async choose(code, { isFromList = false, isNew = false } = {}) {
    const parameters = new URLSearchParams(location.search);
    parameters.set("school", code);
    history[isNew ? "pushState" : "replaceState"](null, "", this.config.urls.page + readable(parameters));
    const kept = this.element.querySelector("#mapform input[name=school]");
    if (kept) {
      kept.value = code;
    }
    this.config.school = { code };
    this.engine?.choose(code);
    this.#markRow(isFromList);
    await this.card.show({ school: code });
  }

  /** Choose an area: the map, its list and its figures are of that area, and Back returns to what was before. */
  async chooseArea(code) {
    const parameters = new URLSearchParams(location.search);
    for (const name of ["school", "at", "q", "offset"]) {
      parameters.delete(name);
    }
    parameters.set("area", code);
    await this.load(parameters);
    await this.showArea(code);
  }

  /** Show what is known about an area. */
  async showArea(code) {
    await this.card.show({ code });
  }

  /** Close the card and forget the choice. */
  closeCard() {
    this.card.hide();
    this.config.school = null;
    this.engine?.choose("");
    const parameters = new URLSearchParams(location.search);
    parameters.delete("school");
    history.replaceState(null, "", this.config.urls.page + readable(parameters));
    this.element.querySelector("#mapform input[name=school]")?.remove();
    this.#markRow();
  }

  /** Walk the list by `step`; the focus stays where it is, the map too. */
  walk(step) {
    const rows = [...this.element.querySelectorAll("tr[data-code]")];
    if (!rows.length) {
      return;
    }
    const at = rows.findIndex((row) => row.dataset.code === this.config.school?.code);
    const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    this.choose(rows[next].dataset.code, { isFromList: true });
  }

  #markRow(isScrolled = true) {
    const code = this.config.school?.code;
    for (const row of this.element.querySelectorAll("tr[data-code]")) {
      const isMine = row.dataset.code === code;
      row.classList.toggle("me", isMine);
      const link = row.querySelector("a");
      if (isMine) {
        link.setAttribute("aria-current", "true");
        if (isScrolled) {
          this.#showRow(row);
        }
      } else {
        link.removeAttribute("aria-current");
      }
    }
  }

  /** Scroll a row into view inside the list; on a phone the sheet shows the card first. */
  #showRow(row) {
    if (getComputedStyle(this.element.querySelector(".sheet")).display === "contents") {
      row.scrollIntoView({ block: "nearest" });
    }
  }

  #moved(centre, zoom) {
    const parameters = new URLSearchParams(location.search);
    this.at = writeView(centre, zoom);
    parameters.set("at", this.at);
    history.replaceState(null, "", this.config.urls.page + readable(parameters));
    this.#matchLevel();
  }

  #clicked(event) {
    const target = event.target.closest("[data-action]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const act = {
      "choose": () => this.choose(target.closest("tr").dataset.code),
      "follow": () => this.load(new URL(target.href).searchParams),
      "close-card": () => this.closeCard(),
      "zoom-to": () => this.card.zoomTo(),
      "zoom-in": () => this.engine?.zoomBy(1),
      "zoom-out": () => this.engine?.zoomBy(-1),
      "home": () => this.engine?.fit(this.config.bounds),
      "sheet": () => this.#nextHeight(),
      "open-rail": () => this.element.classList.add("railopen"),
      "close-rail": () => this.element.classList.remove("railopen"),
    }[target.dataset.action];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #nextHeight() {
    const sheet = this.element.querySelector(".sheet");
    const heights = ["low", "half", "full"];
    sheet.dataset.height = heights[(heights.indexOf(sheet.dataset.height) + 1) % heights.length];
  }
}
