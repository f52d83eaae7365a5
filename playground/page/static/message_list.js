/** A list of messages that changes as little of the page as it can, and stays at its end like a chat does. */

import { pressInMessage } from "./acts.js";
import { moveFocus } from "./arrows.js";
import { listenToControls } from "./controls.js";
import { element, icon, ICONS } from "./element.js";
import { dayItem, eventItem, messageItem, statusItem } from "./message.js";
import { moment } from "./time.js";
import { orToast } from "./toast.js";
import { keepVerdict, markVerdicts } from "./verdicts.js";

const NEAR_END = 48;
const SAME_BREATH = 5 * 60;

export class MessageList {
  #rows = new Map();
  #place = "";
  #who = null;
  #end = 0;

  constructor(label) {
    this.list = element("ol", { class: "messages", "aria-label": label, tabindex: "0" });
    this.more = element(
      "button",
      { type: "button", class: "more", hidden: true, onclick: () => this.scrollToEnd() },
      icon(ICONS.down),
      "New messages",
    );
    this.node = element("div", { class: "scroller" }, this.list, this.more);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.list.addEventListener("click", copyCode);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    listenToControls(this.list, (pressed, control) => this.#press(pressed, control));
    new ResizeObserver(() => this.#sticks() && this.scrollToEnd()).observe(this.list);
  }

  /** Shows these rows to a `{ user, channel }`; a place that was not shown before begins at its end. */
  show(who, root, rows) {
    const place = `${who.user} ${who.channel} ${root}`;
    const isNew = place !== this.#place;
    this.#who = who;
    const sticks = isNew || this.#sticks();
    this.#place = place;
    if (isNew) {
      this.#rows.clear();
      this.list.replaceChildren();
    }
    const hasNewEnd = this.#draw(rows);
    if (sticks) this.scrollToEnd();
    else if (hasNewEnd) this.more.hidden = false;
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#end = this.list.scrollTop;
    this.more.hidden = true;
  }

  /** The arrow keys go from message to message, beginning with the newest. */
  #key(event) {
    const at = document.activeElement;
    const messages = [...this.list.querySelectorAll(".message")];
    const moves = at === this.list ? event.key === "ArrowUp" : messages.includes(at) && !this.#isCut(at, event.key);
    if (moves) moveFocus(event, messages, { wraps: false });
  }

  /** True for a message of which there is more in this direction: it is scrolled first. */
  #isCut(message, key) {
    const [here, view] = [message.getBoundingClientRect(), this.list.getBoundingClientRect()];
    return key === "ArrowDown" ? here.bottom > view.bottom + 1 : key === "ArrowUp" && here.top < view.top - 1;
  }

  async #press(pressed, control) {
    const { ts } = control.closest("[data-ts]").dataset;
    const who = this.#who;
    const taken = await orToast(pressInMessage(who, ts, pressed));
    if (taken && control.hasAttribute("aria-pressed")) keepVerdict(who.user, ts, control);
  }

  #isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END;
  }

  /** True at the end, and also where the end was before the list became narrower or longer. */
  #sticks() {
    return this.#isAtEnd() || this.list.scrollTop >= this.#end;
  }

  #scrolled() {
    if (this.#isAtEnd()) this.more.hidden = true;
    else if (!this.#sticks()) this.#end = Infinity;
  }

  /** Draws the rows whose content is new; true if the last one is among them. */
  #draw(rows) {
    const drawn = new Map();
    let isNew = false;
    for (const row of rows) {
      const known = this.#rows.get(row.key);
      isNew = known?.content !== row.content;
      const node = isNew ? row.draw() : known.node;
      if (isNew && known) replace(known.node, node);
      if (isNew) markVerdicts(this.#who.user, row.key, node);
      drawn.set(row.key, { content: row.content, node });
    }
    for (const [key, { node }] of this.#rows) if (!drawn.has(key)) node.remove();
    [...drawn.values()].forEach(({ node }, position) => {
      const there = this.list.children[position];
      if (there !== node) this.list.insertBefore(node, there ?? null);
    });
    this.#rows = drawn;
    return isNew;
  }
}

/** The rows of a list of messages, with a line for each new day; `details` tells what `messageItem` wants to know. */
export function messageRows(messages, workspace, details) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const newDay = !before || moment(before.ts).toDateString() !== moment(message.ts).toDateString();
    if (newDay) rows.push(row(`day ${message.ts}`, new Date().toDateString(), () => dayItem(message.ts)));
    const author = workspace.person(message.author);
    const { openThread, openMenu, dismiss, ...shown } = details(message);
    const compact = message.deleted || (!newDay && belongsTogether(before, message));
    const doings = { openThread, openMenu, dismiss };
    const draw = () =>
      message.is_event ? eventItem(message) : messageItem(message, author, { ...shown, compact, ...doings });
    rows.push(row(message.ts, JSON.stringify([message, author, shown, compact]), draw));
    before = message;
  }
  return rows;
}

/** The row under the messages that says what somebody is doing. */
export function statusRow(status, author) {
  return row("status", JSON.stringify([status, author]), () => statusItem(status, author));
}

/** A row that is drawn again when its content, a string, has changed. */
export function row(key, content, draw) {
  return { key, content, draw };
}

/** The new node takes the place of the old one, and its focus. */
function replace(old, node) {
  const at = focusable(old).indexOf(document.activeElement);
  old.replaceWith(node);
  if (at >= 0) (focusable(node)[at] ?? node).focus({ preventScroll: true });
}

function focusable(node) {
  return [node, ...node.querySelectorAll("button, a, input, select, textarea, [tabindex]")];
}

function belongsTogether(before, message) {
  return (
    before.author === message.author &&
    !before.is_event &&
    !before.visible_to &&
    !message.visible_to &&
    Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < SAME_BREATH
  );
}

async function copyCode(event) {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const code = button.closest("figure").querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 1600);
}
