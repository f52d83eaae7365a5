/** A line at the foot of the page that says what came of something, and goes away by itself. */

import { element } from "./element.js";

const SHOWN_FOR = 6000;

/** Shows a sentence; screen readers say it at once. */
export function toast(sentence) {
  document.querySelector(".toast")?.remove();
  const line = element("p", { class: "toast", role: "alert", popover: "manual" }, sentence);
  document.body.append(line);
  // A popover stands above a modal.
  line.showPopover();
  setTimeout(() => line.remove(), SHOWN_FOR);
}

/** What has gone wrong is shown, not thrown. Returns what the promise brings, null when it fails. */
export async function orToast(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message);
    return null;
  }
}
