-- What was spent on each day of UTC (days since the epoch) by a person, in a channel, or by everybody: sums over usage,
-- so that a budget is read at once however many answers there were. kind is person, channel or everybody.
CREATE TABLE spending (
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    day INTEGER NOT NULL,
    pictures INTEGER NOT NULL,
    dollars REAL NOT NULL,
    PRIMARY KEY (workspace, kind, holder, day)
) STRICT, WITHOUT ROWID;

INSERT INTO spending (workspace, kind, holder, day, pictures, dollars)
SELECT workspace, 'person', person, CAST(answered_at / 86400 AS INTEGER), SUM(pictures), SUM(dollars)
FROM usage GROUP BY 1, 3, 4;

INSERT INTO spending (workspace, kind, holder, day, pictures, dollars)
SELECT workspace, 'channel', channel, CAST(answered_at / 86400 AS INTEGER), SUM(pictures), SUM(dollars)
FROM usage GROUP BY 1, 3, 4;

INSERT INTO spending (workspace, kind, holder, day, pictures, dollars)
SELECT workspace, 'everybody', '', CAST(answered_at / 86400 AS INTEGER), SUM(pictures), SUM(dollars)
FROM usage GROUP BY 1, 4;
