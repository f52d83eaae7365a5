/** Where somebody is: who they speak as, and which channel and thread they look at. It survives a reload. */

const PERSONA = "persona";

/** Stands in the place of a channel where the conversation with the app is meant, whoever looks at it. */
export const APP = "app";

/** Stands in the place of a thread where the home of the app is shown. */
export const HOME = "home";

/** Kept in the tab, so that two tabs can be two people. */
export function rememberedPersona() {
  return sessionStorage.getItem(PERSONA);
}

export function rememberPersona(id) {
  sessionStorage.setItem(PERSONA, id);
}

/** The channel and thread of the address, such as `#/C0123/1700000000.000100`; "" where it names none. */
export function addressed() {
  const [, channel = "", thread = ""] = location.hash.split("/");
  return thread === HOME ? { channel, thread: "", isHome: true } : { channel, thread, isHome: false };
}

/** Goes to a channel or thread; the browser's back button returns. */
export function goTo(channel, thread = "") {
  const address = addressOf(channel, thread);
  if (location.hash !== address) location.hash = address;
}

/** The same, leaving no trace for the back button. */
export function replaceBy(channel, thread = "") {
  history.replaceState(null, "", addressOf(channel, thread));
}

function addressOf(channel, thread) {
  return thread ? `#/${channel}/${thread}` : `#/${channel}`;
}
