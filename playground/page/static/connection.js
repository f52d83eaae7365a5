/** The line to the server, over which everything that happens arrives. */

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 4000;

/** Calls `take` with each piece of news, and `announce` with true or false when the line is made or lost. */
export function connect(take, announce) {
  let pause = FIRST_PAUSE;

  function open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/news`);
    socket.addEventListener("open", () => {
      pause = FIRST_PAUSE;
      announce(true);
    });
    socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      announce(false);
      setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  }

  open();
}

/** Posts a message with files as a person; returns its timestamp. Throws an Error whose message is fit to be shown. */
export async function postMessage(message, files) {
  try {
    return (await (files.length === 0 ? post("/messages", message) : postForm("/messages", message, files))).ts;
  } catch (error) {
    throw new Error(`Not sent. ${error.message}`);
  }
}

function postForm(path, message, files) {
  const form = new FormData();
  form.append("message", JSON.stringify(message));
  files.forEach((file) => form.append("file", file, file.name));
  return send(path, { body: form });
}

/** Presses the stop button of a thread as a person. */
export async function postStop(place) {
  await post("/stops", place);
}

/** Posts an act; returns what the server tells. Throws an Error whose message is fit to be shown. */
export function post(path, content) {
  return send(path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });
}

async function send(path, request) {
  const answer = await fetch(path, { method: "POST", ...request }).catch(() => null);
  if (answer === null) throw new Error("The local Slack does not answer. Is it still running?");
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? "The local Slack did not take this.");
  return told;
}
