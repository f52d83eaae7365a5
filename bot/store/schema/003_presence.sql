-- Until when the bot has heard what people wrote, in seconds since the epoch: one row at most.
CREATE TABLE presence (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    heard_until REAL NOT NULL
) STRICT;
