/** A list above the composer, out of which somebody chooses how to go on with what is begun. */

import { element } from "./element.js";

const MOST_OFFERED = 6;

export class Offers {
  #offers = [];
  #chosen = 0;
  #before = "";

  /** `find` returns offers such as `{ insert, from, parts }` for the text before the cursor. */
  constructor(field, id, find) {
    this.field = field;
    this.find = find;
    this.node = element("ul", { class: "offers", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", id);
    field.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /** Offers what fits now. */
  offer() {
    this.#before = this.field.value.slice(0, this.field.selectionStart);
    this.#offers = this.find(this.#before).slice(0, MOST_OFFERED);
    this.#chosen = 0;
    this.#draw();
  }

  close() {
    this.#offers = [];
    this.#draw();
  }

  /** Handles a key while something is offered; true if the key has done its work here. */
  take(event) {
    if (!this.isOpen) return false;
    const { insert, from } = this.#offers[this.#chosen];
    // What is typed to the end is sent with Enter, not completed.
    if (event.key === "Enter" && this.#before.slice(from) === insert.trim()) this.close();
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown") this.#move(1);
    else if (event.key === "ArrowUp") this.#move(-1);
    else if (event.key === "Enter" || event.key === "Tab") this.#insert(this.#offers[this.#chosen]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(step) {
    this.#chosen = (this.#chosen + step + this.#offers.length) % this.#offers.length;
    this.#draw();
  }

  #insert({ insert, from }) {
    this.field.setRangeText(insert, from, this.#before.length, "end");
    this.close();
    this.field.dispatchEvent(new Event("input"));
  }

  #draw() {
    this.node.hidden = this.#offers.length === 0;
    this.field.setAttribute("aria-expanded", String(this.isOpen));
    const options = this.#offers.map((offer, position) =>
      element(
        "li",
        {
          role: "option",
          id: `${this.node.id}-${position}`,
          "aria-selected": String(position === this.#chosen),
          onmousedown: (event) => {
            event.preventDefault();
            this.#insert(offer);
          },
        },
        offer.parts,
      ),
    );
    this.node.replaceChildren(...options);
    if (this.isOpen) this.field.setAttribute("aria-activedescendant", `${this.node.id}-${this.#chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
  }
}
