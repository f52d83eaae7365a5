/** The sidebar: the workspace, its channels, direct messages, and whom one speaks as. */

import { moveFocus } from "./arrows.js";
import { avatar } from "./avatar.js";
import { colourSwitch } from "./colours.js";
import { element, iconButton } from "./element.js";

export class Sidebar {
  #shown = "";

  /**
   * `becomePersona` takes the person to speak as, `choose` the channel to look at, and `hide` is for narrow screens.
   */
  constructor(node, { becomePersona, choose, hide }) {
    this.node = node;
    this.becomePersona = becomePersona;
    this.choose = choose;
    this.colours = colourSwitch();
    this.close = iconButton("close", "Hide conversations", hide);
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
      else if (event.target.matches(".entry")) moveFocus(event, [...node.querySelectorAll(".entry")]);
    });
  }

  /** Draws the sidebar for this person in this channel. */
  show(workspace, persona, channel, unread) {
    const entry = (each) => ({
      id: each.id,
      title: workspace.partner(each, persona)?.name ?? each.name,
      partner: workspace.partner(each, persona),
      isCurrent: each.id === channel,
      isUnread: unread.has(workspace, persona, each.id),
    });
    const channels = workspace.channelsOf(persona).map(entry);
    const directs = workspace.directsOf(persona).map(entry);
    const content = JSON.stringify([workspace.name, workspace.personas, persona, channels, directs]);
    if (content === this.#shown) return;
    this.#shown = content;
    const focused = document.activeElement;
    this.node.replaceChildren(
      element("header", {}, element("h1", {}, workspace.name), this.colours, this.close),
      this.#section("Channels", channels),
      this.#section("Direct messages", directs),
      this.#personas(workspace, persona),
    );
    if (focused !== document.activeElement) this.#refocus(focused);
  }

  /** Puts the focus on the current conversation. */
  focus() {
    this.node.querySelector("[aria-current]")?.focus();
  }

  /** What has been drawn anew gets the focus back. */
  #refocus(before) {
    (before.isConnected ? before : document.getElementById(before.id))?.focus();
  }

  #section(title, entries) {
    const id = `sidebar-${title.toLowerCase().replace(" ", "-")}`;
    return element(
      "section",
      { "aria-labelledby": id },
      element("h2", { id }, title),
      element("ul", {}, entries.map((entry) => element("li", {}, this.#link(entry)))),
    );
  }

  #link({ id, title, partner, isCurrent, isUnread }) {
    return element(
      "a",
      {
        id: `sidebar-${id}`,
        href: `#/${id}`,
        class: isUnread ? "entry unread" : "entry",
        "data-channel": id,
        "aria-current": isCurrent && "page",
        onclick: (event) => {
          event.preventDefault();
          this.choose(id);
        },
      },
      partner ? avatar(partner, "small") : element("span", { class: "hash", "aria-hidden": "true" }, "#"),
      element("span", { class: "title" }, title),
      isUnread && element("span", { class: "dot" }, element("span", { class: "unseen" }, "unread")),
    );
  }

  #personas(workspace, persona) {
    const choices = workspace.personas.map((person) => {
      const choice = element("input", {
        type: "radio",
        name: "persona",
        id: `persona-${person.id}`,
        value: person.id,
        checked: person.id === persona,
        onchange: () => this.becomePersona(person.id),
      });
      return element(
        "label",
        { title: person.name },
        choice,
        avatar(person),
        element("span", { class: "unseen" }, person.name),
      );
    });
    return element(
      "fieldset",
      { class: "personas" },
      element("legend", {}, "You speak as ", element("strong", {}, workspace.person(persona).name)),
      element("div", {}, choices),
    );
  }
}
