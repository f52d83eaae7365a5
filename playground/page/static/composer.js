/** Where messages are written: Enter sends, @ offers people, / offers the app's commands; files come along. */

import { Attachments } from "./attachments.js";
import { commandOffers } from "./commands.js";
import { element, icon, ICONS } from "./element.js";
import { Offers } from "./offers.js";
import { peopleOffers } from "./people.js";

const LONGEST_MESSAGE = 40_000;

export class Composer {
  #drafts = new Map();
  #place = "";
  #people = [];
  #commands = [];

  /** `send` takes the text and the files, and may throw an Error whose message is shown. */
  constructor(id, send) {
    this.send = send;
    const attributes = { rows: "1", maxlength: String(LONGEST_MESSAGE), id: `${id}-field`, "aria-label": "Message" };
    this.field = element("textarea", attributes);
    this.offers = new Offers(this.field, `${id}-offers`, (before) => [
      ...commandOffers(before, this.#commands),
      ...peopleOffers(before, this.#people),
    ]);
    this.attachments = new Attachments(this.field, {
      choose: (files) => this.attach(files),
      changed: () => this.#changed(),
    });
    this.button = element(
      "button",
      { type: "submit", "aria-label": "Send", title: "Send", disabled: true },
      icon(ICONS.send),
    );
    this.trouble = element("p", { role: "alert" });
    this.again = element("button", { type: "submit", class: "control" }, "Send again");
    this.complaint = element("div", { class: "trouble", hidden: true }, this.trouble, this.again);
    this.node = element(
      "form",
      { class: "composer", onsubmit: (event) => this.#submit(event) },
      this.offers.node,
      this.complaint,
      element(
        "div",
        { class: "box" },
        this.attachments.list,
        element("div", { class: "line" }, this.attachments.button, this.field, this.button),
        this.attachments.chooser,
      ),
      element("p", { class: "progress" }, "Sending…"),
      element(
        "p",
        { class: "hint" },
        ...[key("Enter"), " sends, ", key("Shift"), " + ", key("Enter"), " begins a new line, "],
        ...[key("@"), " mentions somebody"],
      ),
    );
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => this.#paste(event));
  }

  /** Writes to this place from now on, with these people and commands; what was begun elsewhere waits there. */
  show(place, label, people, commands = []) {
    [this.#people, this.#commands] = [people, commands];
    if (this.field.placeholder !== label) {
      this.field.placeholder = label;
      this.field.setAttribute("aria-label", label);
    }
    if (place === this.#place) return;
    this.#drafts.set(this.#place, { text: this.field.value, files: this.attachments.files });
    this.#place = place;
    this.#complain("");
    const { text, files } = this.#drafts.get(place) ?? { text: "", files: [] };
    this.attachments.put(files);
    this.fill(text);
  }

  /** Puts a text into the field, for the person to change or send. */
  fill(text) {
    this.field.value = text;
    this.#typed();
  }

  /** Adds files to the message that is being written. */
  attach(files) {
    this.#complain(this.attachments.add(files));
    this.focus();
  }

  focus() {
    this.field.focus();
  }

  get #isEmpty() {
    return this.field.value.trim() === "" && this.attachments.files.length === 0;
  }

  #changed() {
    this.#complain("");
    this.button.disabled = this.#isEmpty;
  }

  /** Says what went wrong; `isUnsent` for a message that can be sent again. */
  #complain(trouble, isUnsent = false) {
    this.complaint.hidden = trouble === "";
    this.trouble.textContent = trouble;
    this.again.hidden = !isUnsent;
  }

  #typed() {
    this.button.disabled = this.#isEmpty;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    if (document.activeElement === this.field) this.offers.offer();
  }

  #key(event) {
    if (event.isComposing || this.offers.take(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.node.requestSubmit();
    }
  }

  #paste(event) {
    const { files, types } = event.clipboardData;
    // Part of a table comes with a picture of itself, and as both kinds of text; a file brings its name at most.
    if (files.length === 0 || (types.includes("text/plain") && types.includes("text/html"))) return;
    event.preventDefault();
    this.attach([...files]);
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#isEmpty) return;
    const place = this.#place;
    const [text, files] = [this.field.value, this.attachments.files];
    this.attachments.put([]);
    this.fill("");
    if (document.activeElement === this.again) this.focus();
    this.#complain("");
    this.node.classList.add("sending");
    try {
      await this.send(text, files);
    } catch (error) {
      this.#giveBack(place, { text, files });
      this.#complain(error.message, place === this.#place);
    } finally {
      this.node.classList.remove("sending");
    }
  }

  /** A message that was not sent stands before what has been begun meanwhile, so that neither is lost. */
  #giveBack(place, unsent) {
    const isHere = place === this.#place;
    const begun = isHere ? { text: this.field.value, files: this.attachments.files } : this.#drafts.get(place);
    const text = [unsent.text, begun?.text].filter(Boolean).join("\n");
    const files = [...unsent.files, ...(begun?.files ?? [])];
    if (!isHere) {
      this.#drafts.set(place, { text, files });
      return;
    }
    this.attachments.put(files);
    this.fill(text);
  }
}

function key(name) {
  return element("kbd", {}, name);
}
