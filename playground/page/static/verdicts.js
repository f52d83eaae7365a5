/** Which thumbs each person has pressed, while the page is open: Slack's client keeps that to itself, too. */

const verdicts = new Map();

/** Marks a thumb as pressed in a message of this person's. */
export function keepVerdict(persona, ts, thumb) {
  verdicts.set(keyOf(persona, ts, thumb), thumb.dataset.value);
  markVerdicts(persona, ts, thumb.parentElement);
}

/** Marks the thumbs in a node that has been drawn anew. */
export function markVerdicts(persona, ts, node) {
  for (const thumb of node.querySelectorAll(".feedback [data-value]")) {
    const isPressed = verdicts.get(keyOf(persona, ts, thumb)) === thumb.dataset.value;
    thumb.setAttribute("aria-pressed", String(isPressed));
  }
}

function keyOf(persona, ts, { dataset: { block, action } }) {
  return JSON.stringify([persona, ts, block, action]);
}
