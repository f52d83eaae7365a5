/** The app's slash commands, as the composer offers and recognises them. */

import { element } from "./element.js";

const BEGUN = /^\/(\S*)$/;

/** True for a line that Slack takes for a command. */
export function isCommand(text) {
  return /^\/\S/.test(text);
}

/** The offers for somebody who types a slash and the beginning of a command at the start of a message. */
export function commandOffers(before, commands) {
  const begun = before.match(BEGUN);
  if (!begun) return [];
  return commands
    .filter(({ name }) => name.startsWith(begun[0]))
    .map(({ name, description, hint }) => ({
      insert: `${name} `,
      from: 0,
      parts: [element("strong", {}, name), hint && element("code", {}, hint), element("small", {}, description)],
    }));
}
