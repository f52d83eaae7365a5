/** Making parts of the page. */

/**
 * An element with attributes, listeners and children. An attribute whose value is a function is a listener
 * (`onclick`); one that is false, null or undefined is left out. Strings among the children become text, never HTML.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** An icon drawn with one path in a square of 20 × 20; it means nothing to a screen reader. */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** A button that shows nothing but an icon; `name` is also its class. */
export function iconButton(name, label, onclick) {
  const attributes = { type: "button", class: name, "aria-label": label, title: label, onclick };
  return element("button", attributes, icon(ICONS[name]));
}

export const ICONS = {
  attach: "M10 4v12M4 10h12",
  back: "M12.5 4 6.5 10l6 6",
  close: "m5 5 10 10M15 5 5 15",
  dots: "M10 4.5h.01M10 10h.01M10 15.5h.01",
  down: "M10 4v12m-5-5 5 5 5-5",
  file: "M5 2.5h6.5L15.5 6.5v11h-10.5zM11.5 2.5v4h4",
  moon: "M16.5 11.8A7 7 0 1 1 8.2 3.5a5.6 5.6 0 0 0 8.3 8.3z",
  remove: "m6 6 8 8M14 6 6 14",
  reply: "M4 4.5h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-6l-4 3v-3H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z",
  send: "M3.5 16.5 17 10 3.5 3.5 5.5 10zM5.5 10H11",
  stop: "M6 6h8v8H6z",
  spark: "M10 2.5q1 6.5 7.5 7.5-6.5 1-7.5 7.5-1-6.5-7.5-7.5 6.5-1 7.5-7.5z",
};
