/* Search that forgives: the server compares folded spellings; this is its list of suggestions (a combobox). */

const WAIT_MS = 200;
const SHORTEST = 2;

/** @param {object} page - the map page; mounted again after its rail was replaced */
export function mountFinder(page) {
  const holder = page.element.querySelector("[data-finder]");
  const field = holder.querySelector("input");
  const list = document.createElement("ul");
  list.id = "map-found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", page.config.words.found);
  list.hidden = true;
  list.className = "found";
  holder.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  let results = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const take = (found) => {
    close();
    if (found.kind === "school") {
      page.choose(found.code, { isNew: true });
      if (found.point) {
        page.engine?.goTo(found.point);
      }
    } else {
      page.chooseArea(found.code);
    }
  };

  const show = () => {
    list.replaceChildren();
    results.forEach((found, n) => {
      const row = document.createElement("li");
      row.id = `map-found-${n}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = found.name;
      const note = document.createElement("span");
      note.className = "small";
      note.textContent = found.note;
      row.append(name, note);
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(found);
      });
      list.append(row);
    });
    if (!results.length) {
      const row = document.createElement("li");
      row.className = "small";
      row.setAttribute("role", "option");
      row.setAttribute("aria-disabled", "true");
      row.textContent = page.config.words.nothingFound;
      list.append(row);
    }
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    page.say(results.length ? `${page.config.words.found}: ${results.length}` : page.config.words.nothingFound);
  };

  const ask = async () => {
    const question = field.value.trim();
    if (question.length < SHORTEST) {
      close();
      return;
    }
    asked += 1;
    const mine = asked;
    const answer = await fetch(`${page.config.urls.search}?q=${encodeURIComponent(question)}`);
    if (mine !== asked || !answer.ok) {
      return;
    }
    ({ results } = await answer.json());
    show();
  };

  const mark = (next) => {
    const rows = [...list.children];
    rows[at]?.setAttribute("aria-selected", "false");
    at = (next + rows.length) % rows.length;
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", rows[at].id);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.altKey) {
      return;
    }
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden && results.length) {
      event.preventDefault();
      mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(results[at]);
    }
  });
  return { close };
}
