/** One message as it is drawn in a channel or a thread. */

import { avatar } from "./avatar.js";
import { element, icon, ICONS } from "./element.js";
import { fileList } from "./files.js";
import { clock, day, dayAndClock, exact } from "./time.js";

const BLOCKS = "p, ul, ol, li, blockquote, h3, h4, h5, h6, figure, pre, pre > code, div, table, tbody, tr, td";

/**
 * The list item of a message. `compact` leaves out the picture and the name, for one that follows another by the same
 * author. `summary` tells of the thread under it; null inside a thread. `openThread` opens that thread, `openMenu` the
 * menu at a button, and `dismiss` takes a message away that nobody else sees.
 */
export function messageItem(message, author, { compact, summary, openThread, openMenu, dismiss }) {
  const label = `${author.name}, ${clock(message.ts)}`;
  return element(
    "li",
    {
      class: classes(message, compact),
      tabindex: "-1",
      "data-ts": message.ts,
      "data-author": message.author,
      "data-streaming": String(message.streaming),
    },
    compact ? element("span", { class: "gutter", "aria-hidden": "true" }, clock(message.ts)) : avatar(author),
    element(
      "article",
      { "aria-label": label, "aria-busy": message.streaming && "true" },
      !compact && heading(message, author, dismiss),
      body(message),
      message.files.length > 0 && fileList(message.files),
      message.reactions.length > 0 && reactions(message.reactions),
      summary && threadSummary(summary, openThread),
    ),
    !message.visible_to && !message.deleted && toolbar(openThread, openMenu),
  );
}

/** A line of the channel's own, such as that somebody has joined. */
export function eventItem(message) {
  return element("li", { class: "event", "data-ts": message.ts }, body(message));
}

/** The line that begins a new day. */
export function dayItem(ts) {
  return element("li", { class: "day" }, element("h3", {}, day(ts)));
}

/** The line that says what somebody is doing. */
export function statusItem(status, author) {
  return element(
    "li",
    { class: "status" },
    avatar(author),
    element("p", { role: "status" }, element("span", { class: "shimmer" }, status)),
  );
}

function classes(message, compact) {
  return ["message", compact && "compact", message.streaming && "streaming", message.visible_to && "private"]
    .filter(Boolean)
    .join(" ");
}

function heading(message, author, dismiss) {
  return element(
    "header",
    {},
    element("span", { class: "author" }, author.name),
    author.is_bot && element("span", { class: "badge" }, "App"),
    element("time", { title: exact(message.ts) }, clock(message.ts)),
    message.visible_to && element("span", { class: "mark" }, "Only visible to you"),
    message.visible_to &&
      dismiss &&
      element("button", { type: "button", class: "dismiss", onclick: dismiss }, "Dismiss"),
  );
}

function body(message) {
  const made = element("div", { class: "body" });
  // The server has rendered this and let no foreign HTML through; nothing else on the page is set as HTML.
  made.innerHTML = message.html;
  if (message.edited) lastLine(made).append(element("span", { class: "mark" }, "(edited)"));
  if (message.streaming) lastLine(made).append(element("span", { class: "cursor", "aria-hidden": "true" }));
  if (message.deleted) made.classList.add("deleted");
  return made;
}

/** The innermost block in which the text ends, such as the last item of a list in a list. */
function lastLine(block) {
  const inner = [...block.children].findLast((child) => !child.matches(".actions"));
  return inner?.matches(BLOCKS) ? lastLine(inner) : block;
}

function reactions(given) {
  const pills = given.map((reaction) =>
    element("li", { "aria-label": `${reaction.name}, ${reaction.count}` }, `${reaction.emoji} ${reaction.count}`),
  );
  return element("ul", { class: "reactions", "aria-label": "Reactions" }, pills);
}

function threadSummary({ count, latest, people, status }, openThread) {
  const replies = count === 1 ? "1 reply" : `${count} replies`;
  return element(
    "button",
    { type: "button", class: "summary", onclick: openThread },
    element("span", { class: "faces" }, people.map((person) => avatar(person, "small"))),
    count > 0 && element("span", { class: "count" }, replies),
    status
      ? element("span", { class: "shimmer" }, status)
      : element("span", { class: "last" }, `Last reply ${dayAndClock(latest)}`),
  );
}

function toolbar(openThread, openMenu) {
  return element(
    "div",
    { class: "toolbar" },
    openThread && tool("reply", "Reply in thread", { onclick: openThread }),
    tool("dots", "More actions", {
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: ({ currentTarget }) => openMenu(currentTarget),
    }),
  );
}

function tool(name, label, attributes) {
  const named = { type: "button", class: name, "aria-label": label, title: label };
  return element("button", { ...named, ...attributes }, icon(ICONS[name]));
}
