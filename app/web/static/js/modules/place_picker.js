/* A click on the drawn map fills the coordinates of the form; what is typed there moves the cross. The field alone is enough. */

import { pixelOf, placeAt, readPlace, writePlace } from "../lib/mercator.js";

const SVG = "http://www.w3.org/2000/svg";

export function mount(element) {
  const svg = element.querySelector("[data-map] svg");
  const input = document.getElementById(element.dataset.input);
  if (!svg || !input || !element.dataset.frame) {
    return;
  }
  const frame = JSON.parse(element.dataset.frame);
  const cross = svg.appendChild(document.createElementNS(SVG, "path"));
  cross.setAttribute("class", "cross");
  svg.classList.add("picks");

  function draw() {
    const place = readPlace(input.value);
    const at = place && pixelOf(frame, place.lon, place.lat);
    const isInside = at && at.x >= 0 && at.y >= 0 && at.x <= frame.width && at.y <= frame.height;
    cross.setAttribute("d", isInside ? `M${at.x - 12} ${at.y}h24M${at.x} ${at.y - 12}v24` : "");
  }

  svg.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    input.value = writePlace(placeAt(frame, point.x, point.y));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.addEventListener("input", draw);
  draw();
}
