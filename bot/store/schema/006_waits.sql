-- Of the epochs since the last finish, how many only waited: nothing was begun in them that can be at fault.
ALTER TABLE threads ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;
