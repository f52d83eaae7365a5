/** The pictures of people: initials on a colour of their own, and a spark for the bot. */

import { element, icon, ICONS } from "./element.js";

/** A square picture; decoration, because the name always stands beside it. */
export function avatar(person, size = "") {
  const colour = person.is_bot ? "bot" : `colour-${person.colour}`;
  const attributes = { class: `avatar ${colour} ${size}`, "aria-hidden": "true" };
  if (person.is_bot) return element("span", attributes, icon(ICONS.spark));
  return element("span", { ...attributes, "data-initials": initials(person.full_name ?? person.name) });
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}
