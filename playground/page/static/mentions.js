/** Offers people while somebody types @ and the beginning of a name. */

import { avatar } from "./avatar.js";
import { element } from "./element.js";

const BEGUN = /(^|[\s(])@([\p{L}\p{N}._-]*)$/u;
const MOST_OFFERED = 6;

export class Mentions {
  #people = [];
  #chosen = 0;

  constructor(field, id) {
    this.field = field;
    this.node = element("ul", { class: "offers", role: "listbox", id, "aria-label": "People", hidden: true });
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", id);
    field.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** Offers those of the people whose name fits what stands before the cursor; bots come first. */
  offer(people) {
    const begun = this.#begun();
    const typed = begun?.[2].toLowerCase() ?? "";
    const fits = (person) => person.name.toLowerCase().split(" ").some((word) => word.startsWith(typed));
    const botsFirst = begun ? people.filter(fits).sort((one, other) => other.is_bot - one.is_bot) : [];
    this.#people = botsFirst.slice(0, MOST_OFFERED);
    this.#chosen = 0;
    this.#draw();
  }

  close() {
    this.#people = [];
    this.#draw();
  }

  /** Handles a key while people are offered; true if the key has done its work here. */
  take(event) {
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown") this.#move(1);
    else if (event.key === "ArrowUp") this.#move(-1);
    else if (event.key === "Enter" || event.key === "Tab") this.#insert(this.#people[this.#chosen]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #begun() {
    return this.field.value.slice(0, this.field.selectionStart).match(BEGUN);
  }

  #move(step) {
    this.#chosen = (this.#chosen + step + this.#people.length) % this.#people.length;
    this.#draw();
  }

  #insert(person) {
    const cursor = this.field.selectionStart;
    const start = cursor - this.#begun()[2].length - 1;
    this.field.setRangeText(`@${person.name} `, start, cursor, "end");
    this.close();
    this.field.dispatchEvent(new Event("input"));
  }

  #draw() {
    this.node.hidden = this.#people.length === 0;
    this.field.setAttribute("aria-expanded", String(this.isOpen));
    const options = this.#people.map((person, position) =>
      element(
        "li",
        {
          role: "option",
          id: `${this.node.id}-${position}`,
          "aria-selected": String(position === this.#chosen),
          onmousedown: (event) => {
            event.preventDefault();
            this.#insert(person);
          },
        },
        avatar(person, "small"),
        person.name,
        person.is_bot && element("span", { class: "badge" }, "App"),
      ),
    );
    this.node.replaceChildren(...options);
    if (this.isOpen) this.field.setAttribute("aria-activedescendant", `${this.node.id}-${this.#chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }
}
