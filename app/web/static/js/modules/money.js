/* The budget page: figures follow the fields without a press; they are the server's own page, never computed here. */

const WAIT_MS = 250;

export function mount(form) {
  let timer = 0;
  let asked = 0;
  const show = async () => {
    const mine = ++asked;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== asked) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#result");
    if (fresh && mine === asked) {
      document.querySelector("#result").replaceWith(fresh);
      history.replaceState(null, "", address);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.checkValidity() && show(), WAIT_MS);
  });
}
