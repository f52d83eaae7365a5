/** The home of the app: a tab of the conversation with it. */

import { pressInView } from "./acts.js";
import { entriesOf, listenToControls, redraw } from "./controls.js";
import { element } from "./element.js";
import { orToast } from "./toast.js";

export class Home {
  #view = null;
  #persona = "";

  constructor() {
    this.body = element("div", { class: "body" });
    this.node = element("section", { class: "home", id: "home", role: "tabpanel", "aria-label": "Home" }, this.body);
    listenToControls(this.body, (pressed) =>
      orToast(pressInView(this.#persona, this.#view.id, pressed, entriesOf(this.body))),
    );
  }

  /** Draws what the app has published for this person. */
  show(persona, view) {
    const isSame = persona === this.#persona && view?.hash === this.#view?.hash;
    if (isSame && this.body.hasChildNodes()) return;
    if (persona !== this.#persona) this.body.replaceChildren();
    [this.#persona, this.#view] = [persona, view];
    if (view) redraw(this.body, view.html);
    else this.body.replaceChildren(element("p", { class: "note" }, "The app has not put anything here yet."));
  }
}

/** The tabs above a conversation with the app; `choose` takes messages or home. */
export class Tabs {
  constructor(choose) {
    this.choose = choose;
    this.tabs = ["messages", "home"].map((name) => this.#tab(name));
    this.node = element("div", { class: "tabs", role: "tablist", "aria-label": "App", hidden: true }, this.tabs);
    this.node.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Marks the tab that is open. */
  show(open) {
    for (const tab of this.tabs) {
      const isOpen = tab.value === open;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
  }

  #tab(name) {
    const label = name === "home" ? "Home" : "Messages";
    return element(
      "button",
      { type: "button", role: "tab", value: name, "aria-controls": name, onclick: () => this.choose(name) },
      label,
    );
  }

  #key(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = this.tabs.find((tab) => tab.tabIndex === -1);
    this.choose(other.value);
    other.focus();
  }
}
