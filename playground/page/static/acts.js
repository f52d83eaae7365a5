/** What people do beside writing, as it is posted to the server. Each throws an Error that is fit to be shown. */

import { post } from "./connection.js";

/** A line that begins with a slash. */
export function sendCommand(place, text) {
  return post("/commands", { ...place, text });
}

/** An entry that the app has put into the menus of messages. */
export function chooseShortcut(place, ts, callback) {
  return post("/shortcuts", { ...place, ts, callback });
}

/** A button or menu in a message. */
export function pressInMessage(place, ts, pressed) {
  return post("/presses", { ...place, ts, ...pressed });
}

/** A button or menu in a modal or home, and what is entered there. */
export function pressInView(user, view, pressed, entries) {
  return post("/presses", { user, view, ...pressed, entries });
}

/** A modal; returns what is wrong, by block. */
export async function submitView(user, view, entries) {
  return (await post("/submissions", { user, view, entries })).errors;
}

/** One view of a modal, or the whole of it. */
export function closeView(user, view, all) {
  return post("/closings", { user, view, all });
}

/** A tab of the conversation with the app: home or messages. */
export function openTab(user, tab) {
  return post("/openings", { user, tab });
}

/** A message of one's own, or one that nobody else sees. */
export function deleteMessage(place, ts) {
  return post("/deletions", { ...place, ts });
}
