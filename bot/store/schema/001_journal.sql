-- Where messages stand and what became of them, never what they say. Times are seconds since the epoch.

-- Each lease of a thread is a new epoch; a writer with an older one is too late.
CREATE TABLE threads (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    root TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (workspace, channel, root)
) STRICT, WITHOUT ROWID;

-- Messages meant for the bot. One without finished_at waits; since_epoch is the last epoch that does not count as an
-- attempt at it. The key begins with the message, so that no search for what waits in a thread mistakes it for an index
-- of channels.
CREATE TABLE messages (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    root TEXT NOT NULL,
    event TEXT NOT NULL,
    to_bot INTEGER NOT NULL,
    sent_at REAL NOT NULL,
    since_epoch INTEGER NOT NULL,
    finished_at REAL,
    PRIMARY KEY (message, channel, workspace)
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_messages ON messages (workspace, channel, root, sent_at, message) WHERE finished_at IS NULL;

-- Events in which messages were delivered, those of duplicates too.
CREATE TABLE deliveries (
    workspace TEXT NOT NULL,
    event TEXT NOT NULL,
    delivered_at REAL NOT NULL,
    PRIMARY KEY (workspace, event)
) STRICT, WITHOUT ROWID;

-- Messages that the bot's replies consist of, in the order of their position; those without finished_at belong to the
-- reply that is being written.
CREATE TABLE reply_messages (
    position INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    root TEXT NOT NULL,
    message TEXT NOT NULL,
    finished_at REAL,
    UNIQUE (workspace, channel, message)
) STRICT;

CREATE INDEX messages_of_replies ON reply_messages (workspace, channel, root);
