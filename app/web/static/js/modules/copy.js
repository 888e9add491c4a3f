/* A button that copies the text of a field; its result is said in the status beside it. It shows only where it works. */

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select(); // no clipboard without HTTPS: the older way
    return document.execCommand("copy");
  }
}

export function mount(button) {
  const field = document.getElementById(button.dataset.field);
  const status = document.getElementById(button.dataset.status);
  if (!field || !status) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    const isCopied = await copy(field);
    status.textContent = isCopied ? button.dataset.done : button.dataset.failed;
    button.focus();
  });
}
