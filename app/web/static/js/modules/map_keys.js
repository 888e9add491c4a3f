/* Keys of the map page: "/" finds, Alt with arrows walks the schools, "?" helps, Esc closes. */

/** @param {object} page - the map page */
export function mountKeys(page) {
  const help = page.element.querySelector("[data-help]");
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      page.walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.altKey && event.key === "Enter") {
      event.preventDefault();
      page.card.zoomTo();
    } else if (event.key === "Escape" && !help.open && !isTyping) {
      page.closeCard();
    } else if (!isTyping && !event.altKey && !event.ctrlKey && !event.metaKey) {
      if (event.key === "/") {
        event.preventDefault();
        const field = page.element.querySelector("#map-q");
        page.element.classList.add("railopen");
        field.focus();
        field.select();
      } else if (event.key === "?") {
        event.preventDefault();
        help.showModal();
      }
    }
  });
}
