/* The symbol of each grade: circle, ring, square, triangle, diamond; hatched circle for the unknown. Pure drawing. */

export const GRADES = ["A", "B", "C", "D", "E", "U"];

/**
 * Draw the symbol of `grade` in the middle of a square of `size` pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {string} grade - A..E or U
 * @param {number} size - pixels a side
 * @param {Record<string, string>} colours - A..E, U, ink, paper
 */
export function drawGrade(context, grade, size, colours) {
  const unit = size / 16;
  context.save();
  context.translate(size / 2, size / 2);
  context.scale(unit, unit);
  context.lineJoin = "round";
  context.lineWidth = 1;
  context.strokeStyle = colours.ink;
  context.fillStyle = colours[grade];
  context.beginPath();
  if (grade === "C") {
    context.rect(-5, -5, 10, 10);
  } else if (grade === "D") {
    polygon(context, [[0, -6.2], [6.4, 5.2], [-6.4, 5.2]]);
  } else if (grade === "E") {
    polygon(context, [[0, -6.8], [6.4, 0], [0, 6.8], [-6.4, 0]]);
  } else {
    context.arc(0, 0, 5.4, 0, 2 * Math.PI);
  }
  if (grade === "B" || grade === "U") {
    context.fillStyle = colours.paper;
  }
  context.fill();
  if (grade === "B") {
    ring(context, colours.B);
  }
  if (grade === "U") {
    context.strokeStyle = colours.U;
    hatch(context);
    context.beginPath();
    context.arc(0, 0, 5.4, 0, 2 * Math.PI);
  }
  context.stroke();
  context.restore();
}

function polygon(context, corners) {
  corners.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

function ring(context, colour) {
  context.save();
  context.beginPath();
  context.arc(0, 0, 3.8, 0, 2 * Math.PI);
  context.lineWidth = 2.8;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
  context.beginPath();
  context.arc(0, 0, 5.6, 0, 2 * Math.PI);
}

function hatch(context) {
  context.beginPath();
  for (const offset of [-4, 0, 4]) {
    const half = Math.sqrt(5.4 * 5.4 - (offset * offset) / 2) / Math.SQRT2;
    context.moveTo(offset / 2 - half, offset / 2 + half);
    context.lineTo(offset / 2 + half, offset / 2 - half);
  }
  context.stroke();
}

/**
 * The hatch of "no data" as a seamless tile.
 * @param {CanvasRenderingContext2D} context
 * @param {number} size - pixels a side
 * @param {Record<string, string>} colours - U and paper
 */
export function drawHatch(context, size, colours) {
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = colours.U;
  context.lineWidth = size / 7;
  context.beginPath();
  for (const offset of [-size, 0, size]) {
    context.moveTo(offset - 1, size + 1);
    context.lineTo(offset + size + 1, -1);
  }
  context.stroke();
}

/**
 * The flag of a school that gets money, its pole in the middle of a square of `size` pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {number} size - pixels a side
 * @param {Record<string, string>} colours - ink and paper
 */
export function drawFlag(context, size, colours) {
  const unit = size / 16;
  context.save();
  context.scale(unit, unit);
  context.lineJoin = "round";
  context.strokeStyle = colours.paper;
  context.fillStyle = colours.ink;
  context.lineWidth = 1.6;
  context.beginPath();
  polygon(context, [[8, 1], [15.5, 1], [13.4, 3.6], [15.5, 6.2], [9.4, 6.2], [9.4, 9], [8, 9]]);
  context.stroke();
  context.fill();
  context.restore();
}
