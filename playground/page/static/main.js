/** Builds the parts of the page, and draws them again whenever something has changed. */

import { openTab, sendCommand } from "./acts.js";
import { Announcer } from "./announcer.js";
import { isCommand } from "./commands.js";
import { connect, postMessage, postStop } from "./connection.js";
import { Conversation } from "./conversation.js";
import { ignoreDrops } from "./drops.js";
import { Modal } from "./modal.js";
import { addressed, APP, goTo, HOME, rememberedPersona, rememberPersona, replaceBy } from "./place.js";
import { Sidebar } from "./sidebar.js";
import { Thread } from "./thread.js";
import { orToast } from "./toast.js";
import { Unread } from "./unread.js";
import { isRoot, Workspace } from "./workspace.js";

const DRAWING_PAUSE = 16;
const hasKeyboard = matchMedia("(hover: hover)").matches;
const node = (id) => document.getElementById(id);

const workspace = new Workspace();
const unread = new Unread();
let persona = "";
let sidebarIsOpen = false;
let drawing = null;
let openedTab = "";

const sidebar = new Sidebar(node("sidebar"), { becomePersona, choose: openChannel, hide: hideSidebar });
const conversation = new Conversation(node("conversation"), {
  send: sendToChannel,
  openThread,
  chooseTab,
  showSidebar: openSidebar,
});
const thread = new Thread(node("thread"), { send: sendToThread, stop: stopThread, close: closeThread });

const modal = new Modal();
const announcer = new Announcer(node("spoken"));

connect(take, announceConnection);
ignoreDrops();
addEventListener("hashchange", draw);
document.addEventListener("visibilitychange", draw);

function take(news) {
  const isFirst = workspace.people.size === 0;
  workspace.apply(news);
  if (news.type === "everything") {
    if (!workspace.people.has(persona)) persona = firstPersona();
    unread.begin(workspace);
  } else if (news.type === "message" && isBeforeUs(news.message)) {
    announcer.hear(news.message, workspace.person(news.message.author));
  }
  if (isFirst) {
    draw();
    if (hasKeyboard) conversation.composer.focus();
  } else {
    // A timer, because a tab in the background is given no animation frames and still counts what is unread.
    drawing ??= setTimeout(draw, DRAWING_PAUSE);
  }
}

/** True for a message of somebody else's in the channel or thread that is open. */
function isBeforeUs(message) {
  const { channel, root } = currentPlace();
  const isForUs = !message.visible_to || message.visible_to === persona;
  const isShown = isRoot(message) || message.broadcast || message.thread === root;
  return message.channel === channel.id && message.author !== persona && isForUs && isShown;
}

function announceConnection(isThere) {
  const banner = node("lost");
  if (isThere && !banner.hidden) announcer.say("Connected again.");
  banner.textContent = isThere ? "" : "The connection to the local Slack is lost. Trying to reconnect…";
  banner.hidden = isThere;
}

function draw() {
  clearTimeout(drawing);
  drawing = null;
  if (workspace.personas.length === 0) return;
  node("loading").hidden = true;
  const { channel, root, isHome } = currentPlace();
  document.body.dataset.pane = sidebarIsOpen ? "sidebar" : root ? "thread" : "conversation";
  document.body.dataset.thread = root ? "open" : "closed";
  if (!document.hidden) unread.read(persona, channel.id, workspace.latest(channel.id, persona));
  node("answers").textContent = workspace.answers;
  sidebar.show(workspace, persona, channel.id, unread);
  conversation.show(workspace, persona, channel, isHome);
  if (root) thread.show(workspace, persona, channel, root);
  else thread.hide();
  modal.show(persona, workspace.modals.get(persona) ?? null);
  nameTab(channel);
  announceTab(channel, isHome);
}

/** The app hears when somebody comes to the conversation with it, and to which tab. */
function announceTab(channel, isHome) {
  const isWithApp = workspace.app && workspace.partner(channel, persona)?.id === workspace.app.bot;
  const tab = isHome ? "home" : "messages";
  const opened = isWithApp ? `${persona} ${tab}` : "";
  if (opened && opened !== openedTab) orToast(openTab(persona, tab));
  openedTab = opened;
}

/** The channel and thread of the address, or the direct message with the bot where the address leads nowhere. */
function currentPlace() {
  const { channel, thread: root, isHome } = addressed();
  const reachable = [...workspace.directsOf(persona), ...workspace.channelsOf(persona)];
  const named = reachable.find((each) =>
    channel === APP ? workspace.hasHome(each, persona) : each.id === channel,
  );
  if (named) return { channel: named, root, isHome: isHome && workspace.hasHome(named, persona) };
  replaceBy(reachable[0].id);
  return { channel: reachable[0], root: "", isHome: false };
}

function nameTab(channel) {
  const waiting = [...workspace.channelsOf(persona), ...workspace.directsOf(persona)].filter((each) =>
    unread.has(workspace, persona, each.id),
  );
  const count = waiting.length > 0 ? `(${waiting.length}) ` : "";
  document.title = `${count}${workspace.title(channel, persona)} – Local Slack`;
}

function firstPersona() {
  const remembered = rememberedPersona();
  return workspace.people.has(remembered) ? remembered : workspace.personas[0].id;
}

function becomePersona(id) {
  const { channel } = currentPlace();
  const partner = workspace.partner(channel, persona);
  persona = id;
  rememberPersona(id);
  if (partner) {
    const directs = workspace.directsOf(persona);
    const same = directs.find((each) => each.members.includes(partner.id)) ?? directs[0];
    goTo(same.id);
  }
  draw();
}

async function sendToChannel(text, files) {
  const { channel } = currentPlace();
  if (isCommandToApp(text, files)) return sendCommand({ user: persona, channel: channel.id }, text);
  const partner = workspace.partner(channel, persona);
  const ts = await postMessage({ user: persona, channel: channel.id, text }, files);
  if (currentPlace().channel.id !== channel.id) return;
  conversation.list.scrollToEnd();
  // The bot answers in a thread: whoever writes to it wants to watch the answer there.
  if (partner?.is_bot) openThread(ts);
}

async function sendToThread(text, files) {
  const { channel, root } = currentPlace();
  if (isCommandToApp(text, files)) return sendCommand({ user: persona, channel: channel.id, thread: root }, text);
  await postMessage({ user: persona, channel: channel.id, text, thread: root }, files);
  thread.list.scrollToEnd();
}

function isCommandToApp(text, files) {
  return workspace.app && files.length === 0 && isCommand(text);
}

async function stopThread() {
  const { channel, root } = currentPlace();
  await postStop({ user: persona, channel: channel.id, thread: root });
}

function openThread(root) {
  goTo(currentPlace().channel.id, root);
  draw();
  if (hasKeyboard) thread.composer.focus();
}

function closeThread() {
  goTo(currentPlace().channel.id);
  draw();
  if (hasKeyboard) conversation.composer.focus();
}

function chooseTab(name) {
  goTo(currentPlace().channel.id, name === HOME ? HOME : "");
  draw();
}

function openSidebar() {
  sidebarIsOpen = true;
  draw();
  sidebar.focus();
}

function hideSidebar() {
  if (!sidebarIsOpen) return;
  sidebarIsOpen = false;
  draw();
  conversation.back.focus();
}

function openChannel(id) {
  sidebarIsOpen = false;
  goTo(id);
  draw();
  if (hasKeyboard) conversation.composer.focus();
}
