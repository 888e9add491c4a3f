/* Which names of a map can stand beside each other. Pure. */

/**
 * Choose boxes that do not overlap: the first come first served.
 * @param {{left: number, top: number, width: number, height: number}[]} boxes - in pixels, the most important first
 * @param {number} gap - pixels between two boxes
 * @returns {boolean[]} for each box whether it is shown
 */
export function declutter(boxes, gap = 2) {
  const shown = [];
  return boxes.map((box) => {
    const isFree = shown.every(
      (other) =>
        box.left > other.left + other.width + gap ||
        other.left > box.left + box.width + gap ||
        box.top > other.top + other.height + gap ||
        other.top > box.top + box.height + gap,
    );
    if (isFree) {
      shown.push(box);
    }
    return isFree;
  });
}
