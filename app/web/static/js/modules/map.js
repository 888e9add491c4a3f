/* The map page: one address as the state, the server's own parts swapped in, list and map linked both ways. */

import { nextParameters, readable, writeView } from "../lib/address.js";
import { mountFinder } from "./map_finder.js";
import { mountKeys } from "./map_keys.js";
import { focusPath, restoreFocus } from "../lib/focus.js";

const PARTS = ["rail", "title", "legend", "key", "list", "drawn"];
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
    this.card = element.querySelector("[data-card]");
    this.canvas = element.querySelector("[data-map]");
  }

  async start() {
    this.element.classList.add("ready");
    this.element.addEventListener("change", (event) => this.#changed(event));
    this.element.addEventListener("submit", (event) => this.#submitted(event));
    this.element.addEventListener("click", (event) => this.#clicked(event));
    window.addEventListener("popstate", () => this.load(new URLSearchParams(location.search), false));
    this.finder = mountFinder(this);
    mountKeys(this);
    this.engine = await this.#startEngine();
    this.#markRow();
  }

  async #startEngine() {
    const handlers = {
      onSchool: (code) => this.choose(code),
      onArea: (code) => this.showArea(code),
      onMove: (centre, zoom) => this.#moved(centre, zoom),
    };
    try {
      const { start } = await import("./map_gl.js");
      return await start(this.canvas, this.config, handlers);
    } catch (error) {
      if (error.name !== "NoWebglError") {
        console.warn(error);
      }
    }
    try {
      const { start } = await import("./map_leaflet.js");
      const engine = await start(this.canvas, this.config, handlers);
      this.note(this.config.words.noWebgl);
      return engine;
    } catch (error) {
      console.warn(error);
      this.note(this.config.words.failed);
      return null;
    }
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
    const isQuick = event.target.name === "grade" || event.target.name === "shade";
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
  async load(parameters, isNew = true) {
    const address = this.config.urls.page + readable(parameters);
    const focused = focusPath(this.element);
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
      this.element.removeAttribute("aria-busy");
    }
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const name of PARTS) {
      const part = this.element.querySelector(`[data-part=${name}]`);
      const next = fresh.querySelector(`[data-part=${name}]`);
      if (part && next) {
        const isOpen = part.querySelector("details")?.open;
        part.replaceChildren(...next.childNodes);
        if (isOpen) {
          part.querySelector("details").open = true;
        }
      }
    }
    document.title = fresh.title;
    const before = this.config;
    this.config = JSON.parse(fresh.querySelector("main").dataset.config);
    if (isNew) {
      history.pushState(null, "", address);
    }
    this.finder = mountFinder(this);
    restoreFocus(this.element, focused);
    this.engine?.update(this.config, before.area !== this.config.area);
    this.#markRow();
    this.say(this.element.querySelector("h1").textContent);
  }

  /** Choose a school: card, row and ring; the map stays where it is. */
  async choose(code, { isFromList = false } = {}) {
    const parameters = new URLSearchParams(location.search);
    parameters.set("school", code);
    history.replaceState(null, "", this.config.urls.page + readable(parameters));
    const kept = this.element.querySelector("#mapform input[name=school]");
    if (kept) {
      kept.value = code;
    }
    this.config.school = { code };
    this.engine?.choose(code);
    this.#markRow(isFromList);
    await this.#showCard({ school: code });
  }

  /** Show what is known about an area. */
  async showArea(code) {
    await this.#showCard({ code });
  }

  async #showCard(which) {
    const parameters = new URLSearchParams(location.search);
    parameters.delete("school");
    for (const [name, value] of Object.entries(which)) {
      parameters.set(name, value);
    }
    const answer = await fetch(this.config.urls.card + readable(parameters));
    if (!answer.ok) {
      this.closeCard();
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.card.replaceChildren(...fresh.body.childNodes);
    this.card.hidden = false;
    this.say(`${this.config.words.chosen}: ${this.card.querySelector("h2").textContent}`);
    const sheet = this.element.querySelector(".sheet");
    if (sheet.dataset.height === "low") {
      sheet.dataset.height = "half";
    }
  }

  /** Close the card and forget the choice. */
  closeCard() {
    this.card.hidden = true;
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

  /** Move the map to what the card is about: only when asked. */
  zoomToCard() {
    const body = this.card.querySelector("[data-kind]");
    if (!body || this.card.hidden) {
      return;
    }
    if (body.dataset.point) {
      this.engine?.goTo(body.dataset.point.split(",").map(Number));
    } else if (body.dataset.bounds) {
      this.engine?.fit(body.dataset.bounds.split(",").map(Number));
    }
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
    parameters.set("at", writeView(centre, zoom));
    history.replaceState(null, "", this.config.urls.page + readable(parameters));
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
      "zoom-to": () => this.zoomToCard(),
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
