/** The modal that the app has opened for somebody. */

import { closeView, pressInView, submitView } from "./acts.js";
import { entriesOf, listenToControls, redraw } from "./controls.js";
import { element, iconButton } from "./element.js";
import { orToast } from "./toast.js";

const FIRST_INPUT = ":is(input, select, textarea)[data-action]";

export class Modal {
  #view = null;
  #persona = "";
  #before = null;

  constructor() {
    this.title = element("h2", { id: "modal-title" });
    this.body = element("div", { class: "body" });
    this.cancel = element("button", { type: "button", class: "control", onclick: () => this.#close(false) }, "Cancel");
    this.submit = element("button", { type: "submit", class: "control primary" }, "Submit");
    this.form = element(
      "form",
      { novalidate: true, onsubmit: (event) => this.#submit(event) },
      element("header", {}, this.title, iconButton("close", "Close", () => this.#close(true))),
      this.body,
      element("footer", {}, this.cancel, this.submit),
    );
    this.node = element("dialog", { class: "modal", "aria-labelledby": "modal-title" }, this.form);
    this.node.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (event.target === this.node) this.#close(true);
    });
    listenToControls(this.body, (pressed) =>
      orToast(pressInView(this.#persona, this.#view.id, pressed, entriesOf(this.body))),
    );
    document.body.append(this.node);
  }

  /** Draws this person's modal, or none. */
  show(persona, view) {
    if (view?.id === this.#view?.id && view?.hash === this.#view?.hash) return;
    const isSame = view?.id === this.#view?.id;
    [this.#persona, this.#view] = [persona, view];
    if (!view) {
      this.#leave();
      return;
    }
    this.title.textContent = view.title;
    this.cancel.textContent = view.close;
    this.submit.textContent = view.submit;
    this.submit.hidden = view.submit === "";
    this.#wait(false);
    if (!isSame) this.body.replaceChildren();
    redraw(this.body, view.html);
    if (!this.node.open) this.#enter();
    if (!isSame) (this.body.querySelector(FIRST_INPUT) ?? this.cancel).focus();
  }

  #enter() {
    this.#before = document.activeElement;
    this.node.showModal();
  }

  #leave() {
    this.node.close();
    this.body.replaceChildren();
    // Chromium gives the focus back, yet not the cursor: without this, nothing can be typed.
    this.#before?.blur();
    this.#before?.focus();
  }

  async #submit(event) {
    event.preventDefault();
    const { id } = this.#view;
    this.#wait(true);
    const errors = await orToast(submitView(this.#persona, id, entriesOf(this.body)));
    if (this.#view?.id !== id) return;
    this.#wait(false);
    this.#complain(errors ?? {});
  }

  #wait(isWaiting) {
    this.submit.disabled = isWaiting;
    this.form.setAttribute("aria-busy", String(isWaiting));
  }

  /** Each error stands at its field; the first field gets the focus. */
  #complain(errors) {
    const wrong = [];
    for (const field of this.body.querySelectorAll("[data-field]")) {
      const error = errors[field.dataset.field] ?? "";
      const line = field.querySelector(".error");
      line.textContent = error;
      line.hidden = error === "";
      for (const input of field.querySelectorAll(FIRST_INPUT)) {
        input.setAttribute("aria-invalid", String(error !== ""));
        if (error) wrong.push(input);
      }
    }
    wrong[0]?.focus();
  }

  #close(all) {
    orToast(closeView(this.#persona, this.#view.id, all));
  }
}
