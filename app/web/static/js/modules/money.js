/* The budget page: figures follow the fields without a press; they are the server's own page, never computed here. */

const WAIT_MS = 250;

export function mount(form) {
  let timer = 0;
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.action}?${new URLSearchParams(filled)}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== asked) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asked) {
      return;
    }
    for (const part of ["#result", "#asked"]) {
      const fresh = page.querySelector(part);
      if (fresh) {
        document.querySelector(part)?.replaceWith(fresh);
      }
    }
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.checkValidity() && show(), WAIT_MS);
  });
}
