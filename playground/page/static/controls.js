/** The buttons, menus and inputs that the app puts into messages, modals and its home; the server has drawn them. */

import { confirmed } from "./confirm.js";
import { openMenu } from "./menu.js";

const CONTROLS = "[data-action]";
const INPUTS = ":is(input, select, textarea)[data-action]";
const BUTTONS = ":is(button, a)[data-action]";

/** Calls `press` with `{ block, action, value }` and the control when one in this node tells the app at once. */
export function listenToControls(node, press) {
  const act = async (control, value) => {
    if (control.getAttribute("aria-busy")) return;
    const question = control.dataset.confirm;
    if (question && !(await confirmed(JSON.parse(question)))) return restore(control);
    control.setAttribute("aria-busy", "true");
    await press({ ...nameOf(control), value }, control).finally(() => control.removeAttribute("aria-busy"));
  };
  node.addEventListener("click", (event) => {
    const button = event.target.closest(BUTTONS);
    if (!button) return;
    if (button.dataset.choices) openChoices(button, (value) => act(button, value));
    else act(button, button.dataset.value ?? null);
  });
  node.addEventListener("change", ({ target }) => {
    if (target.matches(`${INPUTS}[data-dispatch="change"]`)) act(target, valueOf(node, target));
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches('input[data-dispatch="enter"]')) return;
    event.preventDefault();
    act(event.target, event.target.value);
  });
  node.addEventListener("input", ({ target }) => {
    if (target.matches(`${INPUTS}[data-dispatch="character"]`)) act(target, target.value);
  });
}

/** Everything that is entered in a node: `{ block, action, value }` for each element. */
export function entriesOf(node) {
  const entries = new Map();
  for (const control of node.querySelectorAll(INPUTS)) {
    const name = nameOf(control);
    entries.set(JSON.stringify(name), { ...name, value: valueOf(node, control) });
  }
  return [...entries.values()];
}

/**
 * Draws a node anew. What is typed stays where block_id and action_id are the same, as in Slack, and so does the focus.
 */
export function redraw(node, html) {
  const typed = new Map([...node.querySelectorAll(INPUTS)].map((control) => [keyOf(control), control]));
  const focused = node.contains(document.activeElement) && keyOf(document.activeElement);
  const selection = focused && [document.activeElement.selectionStart, document.activeElement.selectionEnd];
  // The server has rendered this and let no foreign HTML through.
  node.innerHTML = html;
  for (const control of node.querySelectorAll(CONTROLS)) {
    const key = keyOf(control);
    if (typed.has(key)) carry(typed.get(key), control);
    if (key !== focused) continue;
    control.focus();
    if (control.setSelectionRange && selection[0] !== null) control.setSelectionRange(...selection);
  }
}

function nameOf(control) {
  return { block: control.dataset.block, action: control.dataset.action };
}

/** Tells one control from another: the parts of a group differ by their value. */
function keyOf(control) {
  const { type, action, block, value } = control.dataset;
  return action && JSON.stringify([block, action, type, isChoice(control) ? control.value : value]);
}

function isChoice(control) {
  return control.type === "radio" || control.type === "checkbox";
}

function valueOf(node, control) {
  if (isChoice(control)) {
    const group = [...node.querySelectorAll(INPUTS)].filter((each) => each.name === control.name);
    const chosen = group.filter((each) => each.checked).map((each) => each.value);
    return control.type === "radio" ? (chosen[0] ?? "") : chosen;
  }
  return control.multiple ? [...control.selectedOptions].map((option) => option.value) : control.value;
}

function carry(from, to) {
  if (isChoice(to)) to.checked = from.checked;
  else if (to.multiple) for (const option of to.options) option.selected = hasChosen(from, option);
  else if (!to.options || [...to.options].some((option) => option.value === from.value)) to.value = from.value;
}

function hasChosen(select, { value }) {
  return [...select.selectedOptions].some((option) => option.value === value);
}

/** Takes back a choice of which the person has thought better. */
function restore(control) {
  if (isChoice(control)) control.checked = control.defaultChecked;
  else for (const option of control.options ?? []) option.selected = option.defaultSelected;
}

function openChoices(button, choose) {
  const items = JSON.parse(button.dataset.choices).map(({ name, value, url }) => ({
    name,
    choose: () => {
      if (url) open(url, "_blank", "noopener");
      choose(value);
    },
  }));
  openMenu(button, button.getAttribute("aria-label"), items);
}
