/** Light or dark colours: those that the system likes, until somebody chooses. The choice survives a reload. */

import { element, icon, ICONS } from "./element.js";

const CHOICE = "colours";
const system = matchMedia("(prefers-color-scheme: dark)");

/** The button that changes from light to dark and back. */
export function colourSwitch() {
  const node = element(
    "button",
    { type: "button", class: "colours", role: "switch", "aria-label": "Dark colours", title: "Dark colours" },
    icon(ICONS.moon),
  );
  const show = () => {
    const choice = localStorage.getItem(CHOICE);
    document.documentElement.dataset.colours = choice ?? "";
    node.setAttribute("aria-checked", String(choice ? choice === "dark" : system.matches));
  };
  node.addEventListener("click", () => {
    localStorage.setItem(CHOICE, node.getAttribute("aria-checked") === "true" ? "light" : "dark");
    show();
  });
  system.addEventListener("change", show);
  // Another tab may have chosen.
  addEventListener("storage", show);
  show();
  return node;
}
