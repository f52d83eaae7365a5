/** People, as the composer offers them to somebody who types @ and the beginning of a name. */

import { avatar } from "./avatar.js";
import { element } from "./element.js";

const BEGUN = /(^|[\s(])@([\p{L}\p{N}._-]*)$/u;

/** Those of the people whose name fits what stands before the cursor; bots come first. */
export function peopleOffers(before, people) {
  const begun = before.match(BEGUN);
  if (!begun) return [];
  const typed = begun[2].toLowerCase();
  const fits = (person) => person.name.toLowerCase().split(" ").some((word) => word.startsWith(typed));
  return people
    .filter(fits)
    .sort((one, other) => other.is_bot - one.is_bot)
    .map((person) => ({
      insert: `@${person.name} `,
      from: before.length - begun[2].length - 1,
      parts: [
        avatar(person, "small"),
        person.name,
        person.is_bot && element("span", { class: "badge" }, "App"),
      ],
    }));
}
