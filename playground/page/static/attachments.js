/** The files that go with the message that is being written: chosen, dropped or pasted, and shown as chips. */

import { element, icon, iconButton, ICONS } from "./element.js";

const MOST_FILES = 10;
const LARGEST_FILE = 50_000_000;

export class Attachments {
  files = [];

  /** `choose` takes the files that somebody has chosen, `changed` is called after each change. */
  constructor(field, { choose, changed }) {
    this.field = field;
    this.choose = choose;
    this.changed = changed;
    this.list = element("ul", { class: "attachments", "aria-label": "Files to send", hidden: true });
    this.button = iconButton("attach", "Add files", () => this.chooser.click());
    this.chooser = element("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Files",
      onchange: () => this.#chosen(),
    });
  }

  /** Shows these files in the place of others. */
  put(files) {
    this.files = files;
    this.list.hidden = files.length === 0;
    this.list.replaceChildren(...files.map((file, position) => this.#chip(file, position)));
    this.changed();
  }

  /** Adds those files that may be sent; returns what is wrong with the others, or "". */
  add(files) {
    const fit = files.filter((file) => file.size > 0 && file.size <= LARGEST_FILE);
    const unfit = files.find((file) => !fit.includes(file));
    const all = [...this.files, ...fit];
    this.put(all.slice(0, MOST_FILES));
    if (all.length > MOST_FILES) return `At most ${MOST_FILES} files go with one message.`;
    if (unfit) return `${unfit.name} ${unfit.size === 0 ? "is empty." : `is larger than ${words(LARGEST_FILE)}.`}`;
    return "";
  }

  #chosen() {
    const files = [...this.chooser.files];
    this.chooser.value = "";
    this.choose(files);
  }

  #chip(file, position) {
    return element(
      "li",
      {},
      icon(ICONS.file),
      element("strong", {}, file.name),
      element("span", {}, words(file.size)),
      iconButton("remove", `Remove ${file.name}`, () => this.#remove(position)),
    );
  }

  /** The focus goes on to the next chip, so that one can remove them all with one key. */
  #remove(position) {
    this.put(this.files.toSpliced(position, 1));
    const left = this.list.querySelectorAll("button");
    (left[Math.min(position, left.length - 1)] ?? this.field).focus();
  }
}

function words(size) {
  if (size >= 1e6) return `${(size / 1e6).toFixed(size === LARGEST_FILE ? 0 : 1)} MB`;
  return size >= 1e3 ? `${(size / 1e3).toFixed(1)} kB` : `${size} bytes`;
}
