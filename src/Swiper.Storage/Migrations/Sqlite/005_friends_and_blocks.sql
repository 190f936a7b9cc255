-- When the friendship ended; 0 while it lasts. The row stays: nothing that is left of an old match may begin it again.
ALTER TABLE friends ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
CREATE INDEX friends_by_since ON friends (uid, since, fid);

-- Whom a user has blocked.
CREATE TABLE blocks (
    uid   INTEGER,
    bid   INTEGER,
    since INTEGER NOT NULL,
    PRIMARY KEY (uid, bid)
) WITHOUT ROWID;
