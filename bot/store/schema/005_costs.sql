-- What an answer costs besides the words of its model: each model that has a share in it has a row of its own, and answers
-- is 1 in that of the model that answered. searches are those of the web that were paid for.
ALTER TABLE usage ADD COLUMN answers INTEGER NOT NULL DEFAULT 1;
ALTER TABLE usage ADD COLUMN searches INTEGER NOT NULL DEFAULT 0;

CREATE INDEX usage_of_times ON usage (workspace, answered_at);
