-- What people chose, what answers cost, what people thought of them, and what people were told. Times are seconds since
-- the epoch. Of texts there are two kinds: settings, and comments on answers, both written in order to be kept.

-- Values as bot.domain.settings prints them; holder is the id of a channel, of a person, or channel/root for a thread.
CREATE TABLE settings (
    workspace TEXT NOT NULL,
    scope TEXT NOT NULL,
    holder TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at REAL NOT NULL,
    PRIMARY KEY (workspace, scope, holder, name)
) STRICT, WITHOUT ROWID;

-- One row for each answer. dollars is an estimate by the prices of its day.
CREATE TABLE usage (
    answer INTEGER PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    person TEXT NOT NULL,
    model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    pictures INTEGER NOT NULL,
    dollars REAL NOT NULL,
    answered_at REAL NOT NULL
) STRICT;

CREATE INDEX usage_of_people ON usage (workspace, person, answered_at);

-- The latest verdict of each person on each answer, which is named by the id of a message of it.
CREATE TABLE feedback (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    answer TEXT NOT NULL,
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    comment TEXT,
    given_at REAL NOT NULL,
    PRIMARY KEY (workspace, channel, answer, person)
) STRICT, WITHOUT ROWID;

-- What each person was told, of what is said once.
CREATE TABLE notices (
    workspace TEXT NOT NULL,
    person TEXT NOT NULL,
    notice TEXT NOT NULL,
    told_at REAL NOT NULL,
    PRIMARY KEY (workspace, person, notice)
) STRICT, WITHOUT ROWID;
