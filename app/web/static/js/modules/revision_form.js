/* The edit form of a record: who types a value has taken "Unknown" back, who ticks it has emptied the value. */

function boxOf(form, input) {
  return form.querySelector(`input[name="unknown-${CSS.escape(input.name)}"]`);
}

/** Connects each value of `form` with its box "Unknown"; without this script the server asks when both are given. */
export function mount(form) {
  form.addEventListener("input", ({ target }) => {
    if (target.name.startsWith("unknown-")) {
      if (!target.checked) return;
      for (const input of form.querySelectorAll(`[name="${CSS.escape(target.name.slice(8))}"]`)) {
        if (input.type === "checkbox") input.checked = false;
        else input.value = "";
      }
    } else {
      const box = boxOf(form, target);
      if (box) box.checked = target.type === "checkbox" ? false : target.value === "" && box.checked;
    }
  });
}
