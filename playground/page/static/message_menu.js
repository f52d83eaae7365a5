/** What people can do with a message: its menu holds what the app adds and what the page can do. */

import { chooseShortcut, deleteMessage } from "./acts.js";
import { confirmed } from "./confirm.js";
import { openMenu } from "./menu.js";
import { orToast, toast } from "./toast.js";

/** What can be done with a message; `openThread` is null inside a thread. */
export function doingsOf(message, who, workspace, openThread) {
  return {
    openThread: message.visible_to ? null : openThread,
    openMenu: (button) => openMessageMenu(button, message, who, workspace.offers, openThread),
    dismiss: workspace.app && (() => orToast(deleteMessage(who, message.ts))),
  };
}

function openMessageMenu(button, message, place, app, reply) {
  const shortcuts = (app?.shortcuts ?? []).map(({ callback_id, name }) => ({
    name,
    note: app.name,
    choose: () => orToast(chooseShortcut(place, message.ts, callback_id)),
  }));
  const text = button.closest("li").querySelector(".body").innerText;
  const items = [
    reply && { name: "Reply in thread", choose: reply },
    { name: "Copy text", choose: () => copy(text) },
    ...shortcuts,
    app && message.author === place.user && { name: "Delete…", isDanger: true, choose: () => remove(message, place) },
  ];
  openMenu(button, "More actions", items.filter(Boolean));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("The text is copied.");
  } catch {
    toast("The browser does not let this page copy text.");
  }
}

async function remove(message, place) {
  const question = {
    title: "Delete this message?",
    text: "It will be gone for everybody.",
    confirm: "Delete",
    deny: "Cancel",
    style: "danger",
  };
  if (await confirmed(question)) await orToast(deleteMessage(place, message.ts));
}
