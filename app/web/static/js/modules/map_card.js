/* The card of the map: what is known about the chosen school or area, written by the server. */

import { readable } from "../lib/address.js";

export class MapCard {
  /** @param {object} page - the map page */
  constructor(page) {
    this.page = page;
    this.element = page.element.querySelector("[data-card]");
  }

  get isShown() {
    return !this.element.hidden;
  }

  /** @param {{school: string} | {code: string}} which - a school or an area */
  async show(which) {
    const { page } = this;
    const parameters = new URLSearchParams(location.search);
    parameters.delete("school");
    for (const [name, value] of Object.entries(which)) {
      parameters.set(name, value);
    }
    const answer = await fetch(page.config.urls.card + readable(parameters));
    if (!answer.ok) {
      page.closeCard();
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.element.replaceChildren(...fresh.body.childNodes);
    this.element.hidden = false;
    page.say(`${page.config.words.chosen}: ${this.element.querySelector("h2").textContent}`);
    const sheet = page.element.querySelector(".sheet");
    if (sheet.dataset.height === "low") {
      sheet.dataset.height = "half";
    }
  }

  /** A school's card goes with the address; that of an area stays until the reader closes it or goes back. */
  follow(fresh, isReturn) {
    const next = fresh.querySelector("[data-card]");
    const isOfArea = this.element.querySelector("[data-kind=area]") !== null;
    if (isReturn || !next.hidden || !isOfArea) {
      this.element.replaceChildren(...next.childNodes);
      this.element.hidden = next.hidden;
    }
  }

  hide() {
    this.element.hidden = true;
  }

  /** Move the map to what the card is about: only when asked. */
  zoomTo() {
    const body = this.element.querySelector("[data-kind]");
    if (!body || this.element.hidden) {
      return;
    }
    const { engine } = this.page;
    if (body.dataset.point) {
      engine?.goTo(body.dataset.point.split(",").map(Number));
    } else if (body.dataset.bounds) {
      engine?.fit(body.dataset.bounds.split(",").map(Number));
    }
  }
}
