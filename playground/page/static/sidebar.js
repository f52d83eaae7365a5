/** The sidebar: the workspace, its channels, direct messages, and whom one speaks as. */

import { avatar } from "./avatar.js";
import { element } from "./element.js";

export class Sidebar {
  #shown = "";

  /** `becomePersona` takes the person to speak as, `choose` the channel to look at. */
  constructor(node, { becomePersona, choose }) {
    this.node = node;
    this.becomePersona = becomePersona;
    this.choose = choose;
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
    const focused = document.activeElement?.id;
    this.node.replaceChildren(
      element("h1", {}, workspace.name),
      this.#section("Channels", channels),
      this.#section("Direct messages", directs),
      this.#personas(workspace, persona),
    );
    if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
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
