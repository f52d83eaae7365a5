/** Tells those who listen to the page what others write: that an answer has begun, and its words once it is whole. */

const QUIET = 1200;
const LONGEST = 600;

export class Announcer {
  #waiting = new Map();
  #told = new Map();

  /** `node` is a polite live region. */
  constructor(node) {
    this.node = node;
  }

  /** Says a sentence. */
  say(sentence) {
    this.node.textContent = sentence;
  }

  /** Takes a message that somebody has before them, as often as it changes; its text is told when it comes to rest. */
  hear(message, author) {
    clearTimeout(this.#waiting.get(message.ts));
    if (message.streaming) {
      if (!this.#told.has(message.ts)) this.say(`${author.name} is writing an answer.`);
      this.#told.set(message.ts, "");
    } else {
      this.#waiting.set(message.ts, setTimeout(() => this.#tell(message, author), QUIET));
    }
  }

  #tell(message, author) {
    this.#waiting.delete(message.ts);
    const words = wordsOf(message);
    if (words === (this.#told.get(message.ts) ?? "")) return;
    this.#told.set(message.ts, words);
    this.say(`${author.name}: ${words}`);
  }
}

/** What is read aloud of a message: its words without marks, and the beginning of a long one. */
function wordsOf({ html, files }) {
  // A document of its own runs nothing and loads nothing.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  body.querySelectorAll("button").forEach((button) => button.remove());
  const parts = [body.textContent, ...files.map((file) => file.description || file.name)];
  const words = parts.join(" ").replace(/\s+/g, " ").trim();
  return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}
