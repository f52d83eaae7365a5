/** The pane on the right: one thread. */

import { Composer } from "./composer.js";
import { takeDrops } from "./drops.js";
import { element, icon, iconButton, ICONS } from "./element.js";
import { MessageList, messageRows, row, statusRow } from "./message_list.js";
import { doingsOf } from "./message_menu.js";
import { orToast } from "./toast.js";

export class Thread {
  /** `send` posts a text and files to the thread, `stop` stops the bot in it, `close` closes the pane. */
  constructor(node, { send, stop, close }) {
    this.node = node;
    this.place = element("p", { class: "topic" });
    this.list = new MessageList("Messages of the thread");
    this.composer = new Composer("thread-composer", send);
    this.stop = element(
      "button",
      { type: "button", class: "stop", hidden: true, onclick: () => orToast(stop()) },
      icon(ICONS.stop),
      "Stop",
    );
    node.replaceChildren(
      element(
        "header",
        {},
        iconButton("back", "Back to the conversation", close),
        element("h2", {}, "Thread"),
        this.place,
        iconButton("close", "Close thread", close),
      ),
      this.list.node,
      this.stop,
      this.composer.node,
    );
    takeDrops(node, (files) => this.composer.attach(files));
    node.addEventListener("keydown", (event) => event.key === "Escape" && close());
  }

  /** Draws the thread with this root as this person sees it. */
  show(workspace, persona, channel, root) {
    this.node.hidden = false;
    this.place.textContent = workspace.title(channel, persona);
    const who = { user: persona, channel: channel.id };
    this.list.show(who, root, rowsOf(workspace, who, root));
    this.stop.hidden = !workspace.isWorking(channel.id, root);
    this.composer.show(`${channel.id} ${root}`, "Reply…", [...workspace.people.values()]);
  }

  hide() {
    this.node.hidden = true;
  }
}

/** The first message, the line that counts the replies, the replies, and what the bot is doing. */
function rowsOf(workspace, who, root) {
  const messages = workspace.thread(who.channel, root, who.user);
  if (messages.length === 0) return [row("gone", "", () => element("li", { class: "event" }, "This thread is gone."))];
  const rows = messageRows(messages, workspace, (message) => ({
    summary: null,
    ...doingsOf(message, who, workspace, null),
  }));
  const replies = messages.filter((message) => !message.visible_to).length - 1;
  if (replies > 0) rows.splice(rows.findIndex(({ key }) => key === messages[0].ts) + 1, 0, countRow(replies));
  const status = workspace.status(who.channel, root);
  if (status) rows.push(statusRow(status, workspace.statusAuthor(who.channel, root)));
  return rows;
}

function countRow(replies) {
  const words = replies === 1 ? "1 reply" : `${replies} replies`;
  return row("replies", words, () => element("li", { class: "replies" }, element("span", {}, words)));
}
