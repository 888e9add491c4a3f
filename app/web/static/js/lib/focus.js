/* Where the focus is inside an element, so that it can be put back after a part was swapped. */

/**
 * @param {Element} element - that may hold the focus
 * @returns {string | null} a selector of the focused control, or null
 */
export function focusPath(element) {
  const active = document.activeElement;
  if (!active || !element.contains(active)) {
    return null;
  }
  if (active.name) {
    return `[name="${active.name}"]${active.type === "checkbox" ? `[value="${CSS.escape(active.value)}"]` : ""}`;
  }
  return active.dataset?.action ? `[data-action="${active.dataset.action}"]` : null;
}

/**
 * @param {Element} element - that held the focus
 * @param {string | null} path - what focusPath returned
 */
export function restoreFocus(element, path) {
  if (path && !element.contains(document.activeElement)) {
    element.querySelector(path)?.focus({ preventScroll: true });
  }
}
