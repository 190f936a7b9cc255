-- One shard of the embedded engine. Every file has every table; a row lives with the uid that is first in its key,
-- phones and codes with the number itself.

CREATE TABLE users (
    uid             INTEGER PRIMARY KEY,
    phone           TEXT    NOT NULL,
    nickname        TEXT    NOT NULL,
    sex             INTEGER NOT NULL,   -- 0 female, 1 male, 2 not told
    birthday        INTEGER NOT NULL,   -- day number, 0 unknown
    location        TEXT    NOT NULL,
    lat             REAL,
    lon             REAL,
    avatars         TEXT    NOT NULL,   -- JSON array
    vip_level       INTEGER NOT NULL,
    vip_end         INTEGER NOT NULL,
    dating_sex      INTEGER NOT NULL,
    dating_location TEXT    NOT NULL,
    min_distance    INTEGER NOT NULL,
    max_distance    INTEGER NOT NULL,
    min_age         INTEGER NOT NULL,
    max_age         INTEGER NOT NULL,
    only_matched    INTEGER NOT NULL,
    vibration       INTEGER NOT NULL,
    auto_play       INTEGER NOT NULL,
    created         INTEGER NOT NULL
);

-- Which user has a number.
CREATE TABLE phones (
    phone TEXT PRIMARY KEY,
    uid   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE codes (
    phone        TEXT PRIMARY KEY,
    code         TEXT    NOT NULL,
    sent_at      INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE revoked (
    token   INTEGER PRIMARY KEY,
    uid     INTEGER NOT NULL,
    expires INTEGER NOT NULL
);

CREATE TABLE swiped (
    uid  INTEGER,
    sid  INTEGER,
    kind INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (uid, sid)
) WITHOUT ROWID;

CREATE TABLE friends (
    uid       INTEGER,
    fid       INTEGER,
    since     INTEGER NOT NULL,
    completer INTEGER NOT NULL,         -- whose swipe completed the match
    PRIMARY KEY (uid, fid)
) WITHOUT ROWID;

CREATE TABLE pushes (
    uid     INTEGER,
    seq     INTEGER,
    op      INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (uid, seq)
) WITHOUT ROWID;

-- Which shard of how many this file is.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
