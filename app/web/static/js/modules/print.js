/* A button that prints the page; it shows only where it works. */

export function mount(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
