/** A menu that opens at a button. */

import { moveFocus } from "./arrows.js";
import { element } from "./element.js";

const GAP = 4;

/** Opens a menu of items such as `{ name, note, choose, isDanger }`; the arrow keys move in it, Escape closes it. */
export function openMenu(button, label, items) {
  const close = () => menu.hidePopover();
  const menu = element(
    "div",
    { class: "menu", role: "menu", popover: "auto", "aria-label": label, onkeydown: (event) => move(menu, event) },
    items.map((item) => entry(item, close)),
  );
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement)) button.focus();
    menu.remove();
  });
  // Beside a modal nothing can be used, so that its menus stand in it.
  (button.closest("dialog") ?? document.body).append(menu);
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  button.setAttribute("aria-expanded", "true");
  menu.firstElementChild.focus();
}

function entry({ name, note, choose, isDanger }, close) {
  return element(
    "button",
    {
      type: "button",
      role: "menuitem",
      tabindex: "-1",
      class: isDanger && "danger",
      onclick: () => {
        close();
        choose();
      },
    },
    name,
    note && element("small", {}, note),
  );
}

function place(menu, anchor) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = anchor.bottom + GAP;
  const top = below + height < innerHeight ? below : anchor.top - height - GAP;
  menu.style.top = `${Math.max(GAP, top)}px`;
  menu.style.left = `${Math.min(Math.max(GAP, anchor.right - width), innerWidth - width - GAP)}px`;
}

function move(menu, event) {
  if (event.key === "Tab") menu.hidePopover();
  else moveFocus(event, [...menu.children]);
}
