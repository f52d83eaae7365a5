/** The question before an act that somebody might regret. */

import { element } from "./element.js";

/** Asks `{ title, html or text, confirm, deny, style }`; true if the person goes on. The server has rendered `html`. */
export function confirmed({ title, html, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    const body = element("div", { class: "body" }, text && element("p", {}, text));
    if (html) body.innerHTML = html;
    const no = element("button", { type: "button", class: "control", onclick: () => dialog.close() }, deny);
    const yes = element(
      "button",
      { type: "button", class: `control ${style || "primary"}`, onclick: () => dialog.close("yes") },
      confirm,
    );
    const dialog = element(
      "dialog",
      { class: "modal question", "aria-labelledby": "question" },
      element("h2", { id: "question" }, title),
      body,
      element("footer", {}, no, yes),
    );
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("cancel", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
