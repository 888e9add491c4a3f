/* The only entry: an element with data-module="name" gets the module of that name, loaded when it is there. */

const MODULES = {
  map: () => import("./modules/map.js"),
  copy: () => import("./modules/copy.js"),
  print: () => import("./modules/print.js"),
  session: () => import("./modules/session.js"),
  quick_entry: () => import("./modules/quick_entry.js"),
  assess: () => import("./modules/assess.js"),
  money: () => import("./modules/money.js"),
  workbench: () => import("./modules/workbench.js"),
  place_picker: () => import("./modules/place_picker.js"),
  revision_form: () => import("./modules/revision_form.js"),
};

for (const element of document.querySelectorAll("[data-module]")) {
  const load = MODULES[element.dataset.module];
  if (load) {
    load().then(({ mount }) => mount(element));
  }
}
