/** What each person has read: the newest timestamp seen in each channel. */

export class Unread {
  #read = new Map();

  /** Remembers that this person has seen the channel up to this timestamp. */
  read(persona, channel, ts) {
    const key = `${persona} ${channel}`;
    if (ts > (this.#read.get(key) ?? "")) this.#read.set(key, ts);
  }

  /** True if the channel holds something newer from somebody else. */
  has(workspace, persona, channel) {
    return workspace.latest(channel, persona) > (this.#read.get(`${persona} ${channel}`) ?? "");
  }

  /** Everything that is there now counts as read, by everybody who was not here before. */
  begin(workspace) {
    for (const persona of workspace.personas) {
      for (const channel of workspace.channels.keys()) {
        if (!this.#read.has(`${persona.id} ${channel}`)) {
          this.#read.set(`${persona.id} ${channel}`, workspace.latest(channel, persona.id));
        }
      }
    }
  }
}
