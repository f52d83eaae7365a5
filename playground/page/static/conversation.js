/** The pane in the middle: one channel or direct message. */

import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { takeDrops } from "./drops.js";
import { element, iconButton } from "./element.js";
import { Home, Tabs } from "./home.js";
import { MessageList, messageRows, row } from "./message_list.js";
import { doingsOf } from "./message_menu.js";

const SUGGESTIONS = [
  "Show me a table of planets and their moons",
  "Draw a lighthouse by the sea",
  "Write a Python function that counts words",
];

export class Conversation {
  #title = "";

  /**
   * `send` posts a text and files to the channel, `openThread` takes a thread's root, `chooseTab` messages or home, and
   * `showSidebar` is for narrow screens.
   */
  constructor(node, { send, openThread, chooseTab, showSidebar }) {
    this.node = node;
    this.openThread = openThread;
    this.header = element("header", {});
    this.list = new MessageList("Messages");
    this.composer = new Composer("composer", send);
    this.back = iconButton("back", "Show conversations", showSidebar);
    this.tabs = new Tabs(chooseTab);
    this.home = new Home();
    this.messages = element("section", { class: "talk", id: "messages" }, this.list.node, this.composer.node);
    node.replaceChildren(this.header, this.tabs.node, this.messages, this.home.node);
    takeDrops(node, (files) => this.composer.attach(files));
  }

  /** Draws a channel as this person sees it, or the home of the app. */
  show(workspace, persona, channel, isHome) {
    const title = workspace.title(channel, persona);
    this.#showHeader(workspace.partner(channel, persona), title, channel.topic);
    this.tabs.node.hidden = !workspace.hasHome(channel, persona);
    this.tabs.show(isHome ? "home" : "messages");
    [this.messages.hidden, this.home.node.hidden] = [isHome, !isHome];
    if (isHome) this.home.show(persona, workspace.homes.get(persona));
    const who = { user: persona, channel: channel.id };
    this.list.show(who, "", this.#rows(workspace, who, channel, title));
    const people = [...workspace.people.values()];
    this.composer.show(channel.id, `Message ${title}`, people, workspace.app?.commands);
  }

  #showHeader(partner, title, topic) {
    const shown = JSON.stringify([partner, title, topic]);
    if (shown === this.#title) return;
    this.#title = shown;
    this.header.replaceChildren(
      this.back,
      partner ? avatar(partner, "medium") : "",
      element("h2", { id: "conversation-title" }, title),
      partner?.is_bot ? element("span", { class: "badge" }, "App") : "",
      element("p", { class: "topic" }, topic),
    );
  }

  #rows(workspace, who, channel, title) {
    const persona = who.user;
    const replies = workspace.repliesByRoot(channel.id, persona);
    const partner = workspace.partner(channel, persona);
    const rows = messageRows(workspace.topLevel(channel.id, persona), workspace, (message) => ({
      summary: summaryOf(replies.get(message.ts) ?? [], workspace.status(channel.id, message.ts), workspace),
      ...doingsOf(message, who, workspace, () => this.openThread(message.thread || message.ts)),
    }));
    const beginning = JSON.stringify([title, channel.topic, rows.length === 0]);
    const draw = () => this.#beginning(partner, title, workspace.botName, rows.length === 0);
    return [row("beginning", beginning, draw), ...rows];
  }

  #beginning(partner, title, botName, isEmpty) {
    return element(
      "li",
      { class: "beginning" },
      partner ? avatar(partner, "large") : element("span", { class: "avatar large hash", "data-initials": "#" }),
      element("h3", {}, title),
      element("p", {}, welcome(partner, title, botName)),
      isEmpty && this.#invitation(partner, botName),
    );
  }

  /** What stands where nobody has written yet: in a channel the bot is mentioned, and to a colleague it says nothing. */
  #invitation(partner, botName) {
    if (partner && !partner.is_bot) return element("p", {}, "No messages yet.");
    const mention = partner ? "" : `@${botName} `;
    const offer = (text) => () => {
      this.composer.fill(mention + text);
      this.composer.focus();
    };
    return [
      element("p", { id: "invitation" }, "No messages yet. Try one of these:"),
      element(
        "ul",
        { class: "suggestions", "aria-labelledby": "invitation" },
        SUGGESTIONS.map((text) => element("li", {}, element("button", { type: "button", onclick: offer(text) }, text))),
      ),
    ];
  }
}

function welcome(partner, title, botName) {
  if (partner?.is_bot) {
    return `Write to ${title} as you would to a colleague. Each message begins a thread, and the answer appears there.`;
  }
  if (partner) return `This is where you and ${title} talk.`;
  return `This is the beginning of ${title}. Mention @${botName} to bring it into a conversation.`;
}

/** What stands under a message that has a thread; null for one that has none. */
function summaryOf(replies, status, workspace) {
  if (replies.length === 0 && !status) return null;
  const authors = [...new Set(replies.map((reply) => reply.author))].slice(0, 3);
  return {
    count: replies.length,
    latest: replies.at(-1)?.ts ?? "",
    people: authors.map((author) => workspace.person(author)),
    status,
  };
}
