/* Quick entry: a key 1 to 5 crosses the box of the row that has the focus and goes on to the next row. */

const KEYS = new Set(["1", "2", "3", "4", "5"]);

/** @param {HTMLFormElement} form */
export function mount(form) {
  const rows = [...form.querySelectorAll("fieldset")];
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!KEYS.has(event.key) || box.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const row = box.closest("fieldset");
    row.querySelector(`input[type="radio"][value="${event.key}"]`).checked = true;
    const next = rows[rows.indexOf(row) + 1];
    const target = next
      ? next.querySelector('input[type="radio"]:checked') ?? next.querySelector('input[type="radio"]')
      : form.querySelector("button");
    target?.focus();
  });
}
