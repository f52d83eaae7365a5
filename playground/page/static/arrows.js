/** Moving through a list with the keyboard. */

/**
 * Moves the focus among these items with the arrow keys, Home and End; true if the key has done so. From outside, the
 * first step leads to the first item or the last. Past either end it goes on at the other, where `wraps` says so.
 */
export function moveFocus(event, items, { wraps = true } = {}) {
  const at = items.indexOf(document.activeElement);
  const back = at === -1 ? items.length - 1 : at - 1;
  const to = { ArrowDown: at + 1, ArrowUp: back, Home: 0, End: items.length - 1 }[event.key];
  const item = items[wraps ? (to + items.length) % items.length : to];
  if (!item) return false;
  event.preventDefault();
  item.focus();
  return true;
}
