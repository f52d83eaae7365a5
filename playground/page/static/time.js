/** How dates and times are written. */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** The moment that a Slack timestamp names. */
export function moment(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** "9:41" */
export function clock(ts) {
  return CLOCK.format(moment(ts));
}

/** The whole date and time, for those who ask by hovering. */
export function exact(ts) {
  return EXACT.format(moment(ts));
}

/** "Today", "Yesterday" or "Friday, 20 November" */
export function day(ts, now = new Date()) {
  const daysAgo = Math.round((startOfDay(now) - startOfDay(moment(ts))) / 86_400_000);
  if (daysAgo === 0) return "Today";
  return daysAgo === 1 ? "Yesterday" : DAY.format(moment(ts));
}

/** "today at 9:41" or "Friday, 20 November at 9:41" */
export function dayAndClock(ts) {
  const name = day(ts);
  return `${name === "Today" || name === "Yesterday" ? name.toLowerCase() : name} at ${clock(ts)}`;
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
