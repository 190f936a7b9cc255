-- Where users are signed in: a row a login, whose id is that of its token. It goes when the token ends.
CREATE TABLE devices (
    id        INTEGER PRIMARY KEY,      -- in the shard of the user
    uid       INTEGER NOT NULL,
    client    TEXT    NOT NULL,         -- what the app called itself
    created   INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,         -- exact to an hour
    expires   INTEGER NOT NULL
);
CREATE INDEX devices_by_user ON devices (uid);
CREATE INDEX devices_by_expires ON devices (expires);

-- Users who have signed out all other devices: tokens of theirs that are not in devices, as those of older versions, are no good.
CREATE TABLE listed_only (
    uid INTEGER PRIMARY KEY
);

-- Old pushes are found by their age.
CREATE INDEX pushes_by_at ON pushes (at);
