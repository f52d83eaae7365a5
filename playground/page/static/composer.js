/** Where messages are written: Enter sends, Shift and Enter begin a new line, @ offers people. */

import { element, icon, ICONS } from "./element.js";
import { Mentions } from "./mentions.js";

const LONGEST_MESSAGE = 40_000;

export class Composer {
  #drafts = new Map();
  #place = "";
  #people = [];

  /** `send` takes the text, and may throw an Error whose message is shown. */
  constructor(id, send) {
    this.send = send;
    this.field = element("textarea", { rows: "1", maxlength: String(LONGEST_MESSAGE), id: `${id}-field` });
    this.mentions = new Mentions(this.field, `${id}-people`);
    this.button = element(
      "button",
      { type: "submit", "aria-label": "Send", title: "Send", disabled: true },
      icon(ICONS.send),
    );
    this.trouble = element("p", { class: "trouble", role: "alert", hidden: true });
    this.node = element(
      "form",
      { class: "composer", onsubmit: (event) => this.#submit(event) },
      this.mentions.node,
      this.trouble,
      element("div", { class: "box" }, this.field, this.button),
      element(
        "p",
        { class: "hint" },
        ...[key("Enter"), " sends, ", key("Shift"), " + ", key("Enter"), " begins a new line, "],
        ...[key("@"), " mentions somebody"],
      ),
    );
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Writes to this place from now on; what was begun elsewhere waits there. */
  show(place, label, people) {
    this.#people = people;
    if (this.field.placeholder !== label) {
      this.field.placeholder = label;
      this.field.setAttribute("aria-label", label);
    }
    if (place === this.#place) return;
    this.#drafts.set(this.#place, this.field.value);
    this.#place = place;
    this.trouble.hidden = true;
    this.fill(this.#drafts.get(place) ?? "");
  }

  /** Puts a text into the field, for the person to change or send. */
  fill(text) {
    this.field.value = text;
    this.#typed();
  }

  focus() {
    this.field.focus();
  }

  #typed() {
    this.button.disabled = this.field.value.trim() === "";
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    if (document.activeElement === this.field) this.mentions.offer(this.#people);
  }

  #key(event) {
    if (event.isComposing || this.mentions.take(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.node.requestSubmit();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.field.value;
    if (text.trim() === "") return;
    this.fill("");
    this.trouble.hidden = true;
    try {
      await this.send(text);
    } catch (error) {
      this.trouble.textContent = error.message;
      this.trouble.hidden = false;
      if (this.field.value === "") this.fill(text);
    }
  }
}

function key(name) {
  return element("kbd", {}, name);
}
