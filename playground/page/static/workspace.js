/** What the page knows of the workspace. */

const COLOURS = 8;

export class Workspace {
  name = "";
  people = new Map();
  channels = new Map();
  messages = new Map();
  statuses = new Map();
  working = new Set();
  app = null;
  modals = new Map();
  homes = new Map();

  /** Takes a piece of news from the server. */
  apply(news) {
    switch (news.type) {
      case "everything":
        this.name = news.name;
        this.answers = news.answers;
        this.people = new Map();
        news.people.forEach((person) => this.#keepPerson(person));
        this.channels = new Map(news.channels.map((channel) => [channel.id, channel]));
        this.messages = new Map();
        this.statuses = new Map();
        this.working = new Set();
        this.app = news.app;
        news.surfaces.forEach((surface) => this.apply(surface));
        news.sessions.forEach((session) => this.#keepSession(session));
        news.messages.forEach((message) => this.#keep(message));
        news.statuses.forEach((status) => this.#keepStatus(status));
        break;
      case "message":
        this.#keep(news.message);
        break;
      case "message_gone":
        this.messages.get(news.channel)?.delete(news.ts);
        break;
      case "status":
        this.#keepStatus(news.status);
        break;
      case "session":
        this.#keepSession(news.session);
        break;
      case "channel":
        this.channels.set(news.channel.id, news.channel);
        break;
      case "modal":
        this.modals.set(news.user, news.view);
        break;
      case "home":
        this.homes.set(news.user, news.view);
        break;
      case "person":
        this.#keepPerson(news.person);
        break;
    }
  }

  /** Those whom one can speak as. */
  get personas() {
    return [...this.people.values()].filter((person) => !person.is_bot);
  }

  /** The name to mention for an answer. */
  get botName() {
    return [...this.people.values()].find((person) => person.is_bot)?.name ?? "the bot";
  }

  person(id) {
    return this.people.get(id) ?? { id, name: id, is_bot: false, colour: 0 };
  }

  /** The channels that this person sees. */
  channelsOf(persona) {
    const all = [...this.channels.values()];
    return all.filter((channel) => !channel.is_direct && (!channel.is_private || channel.members.includes(persona)));
  }

  /** This person's direct messages, those with a bot first. */
  directsOf(persona) {
    const all = [...this.channels.values()].filter((channel) => channel.is_direct && channel.members.includes(persona));
    return all.sort((one, other) => this.#withBot(other) - this.#withBot(one));
  }

  /** What the app offers, under its name; null where there is no app. */
  get offers() {
    return this.app && { ...this.app, name: this.person(this.app.bot).name };
  }

  /** True for the conversation in which the home of the app is a tab. */
  hasHome(channel, persona) {
    return Boolean(this.app?.has_home) && this.partner(channel, persona)?.id === this.app.bot;
  }

  /** The other person of a direct message, or null for a channel. */
  partner(channel, persona) {
    if (!channel.is_direct) return null;
    return this.person(channel.members.find((member) => member !== persona) ?? persona);
  }

  /** "#general", or the name of the other person. */
  title(channel, persona) {
    return this.partner(channel, persona)?.name ?? `#${channel.name}`;
  }

  /** What this person sees of a channel, oldest first; replies stay in their thread unless sent to the channel too. */
  topLevel(channel, persona) {
    return this.#inOrder(channel, persona).filter((message) => isRoot(message) || message.broadcast);
  }

  /** A thread's first message and the replies, oldest first. */
  thread(channel, root, persona) {
    return this.#inOrder(channel, persona).filter((message) => message.ts === root || message.thread === root);
  }

  /** Everything in a channel, by the thread that it belongs to. */
  repliesByRoot(channel, persona) {
    const replies = this.#inOrder(channel, persona).filter((message) => !isRoot(message) && !message.visible_to);
    return Map.groupBy(replies, (message) => message.thread);
  }

  /** The newest timestamp in a channel that somebody else wrote, "" when there is none. */
  latest(channel, persona) {
    const others = this.#inOrder(channel, persona).filter((message) => message.author !== persona);
    return others.at(-1)?.ts ?? "";
  }

  /** "ChatGPT is thinking…" or "" */
  status(channel, root) {
    const status = this.statuses.get(`${channel}/${root}`);
    return status ? `${this.person(status.author).name} ${status.text}` : "";
  }

  statusAuthor(channel, root) {
    return this.person(this.statuses.get(`${channel}/${root}`)?.author);
  }

  /** True while the bot works in this thread and can be stopped. */
  isWorking(channel, root) {
    return this.working.has(`${channel}/${root}`);
  }

  #inOrder(channel, persona) {
    const visible = [...(this.messages.get(channel)?.values() ?? [])].filter(
      (message) => !message.visible_to || message.visible_to === persona,
    );
    return visible.sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  /** The first people get colours of their own; then the colours begin anew. */
  #keepPerson(person) {
    const colour = this.people.get(person.id)?.colour ?? this.people.size % COLOURS;
    this.people.set(person.id, { ...person, colour });
  }

  #keep(message) {
    if (!this.messages.has(message.channel)) this.messages.set(message.channel, new Map());
    this.messages.get(message.channel).set(message.ts, message);
  }

  #keepStatus(status) {
    if (status.text) this.statuses.set(`${status.channel}/${status.thread}`, status);
    else this.statuses.delete(`${status.channel}/${status.thread}`);
  }

  #keepSession(session) {
    const key = `${session.channel}/${session.thread}`;
    if (session.processing) this.working.add(key);
    else this.working.delete(key);
  }

  #withBot(channel) {
    return channel.members.some((member) => this.person(member).is_bot) ? 1 : 0;
  }
}

export function isRoot(message) {
  return !message.thread || message.thread === message.ts;
}
