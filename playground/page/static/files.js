/** The files of a message: pictures and sounds in place, others to be saved. */

import { element, icon, ICONS } from "./element.js";

export function fileList(files) {
  return element("ul", { class: "files", "aria-label": "Files" }, files.map(item));
}

function item(file) {
  switch (file.shown_as) {
    case "picture":
      return element("li", { class: "picture" }, picture(file));
    case "audio":
      return element("li", { class: "audio" }, player(file), chip(file));
    case "gone":
      return element("li", { class: "gone" }, "This file was deleted.");
    case "link":
      return element("li", { class: "chip" }, ...words(file, "kept by another service"));
    default:
      return element("li", {}, chip(file));
  }
}

/** The size is told beforehand, so that the messages below do not jump when the picture is there. */
function picture(file) {
  return element(
    "a",
    { href: address(file), target: "_blank", rel: "noopener", title: `Open ${file.name}` },
    element("img", {
      src: address(file),
      alt: file.description,
      width: file.width,
      height: file.height,
      loading: "lazy",
    }),
  );
}

function player(file) {
  return element("audio", { controls: true, preload: "metadata", src: address(file), "aria-label": file.description });
}

function chip(file) {
  return element(
    "a",
    { class: "chip", href: address(file), download: file.name, title: `Save ${file.name}` },
    ...words(file, `${file.kind} · ${file.size}`),
  );
}

function words(file, about) {
  return [icon(ICONS.file), element("strong", {}, file.name), element("span", {}, about)];
}

function address(file) {
  return `/files/${encodeURIComponent(file.id)}`;
}
