-- One shard of the cluster engine. Every shard has every table; a row lives with the uid that is first in its key,
-- phones and codes with the number itself. Times are milliseconds since the Unix epoch. A statement ends with a semicolon
-- at the end of a line. What tables shall be compared by is bytes: a number or a token is nobody else's for its accents.

CREATE TABLE users (
    uid             BIGINT      NOT NULL PRIMARY KEY,
    phone           VARCHAR(20) NOT NULL,
    nickname        VARCHAR(64) NOT NULL,
    sex             TINYINT     NOT NULL,   -- 0 female, 1 male, 2 not told
    birthday        INT         NOT NULL,   -- day number, 0 unknown
    location        VARCHAR(64) NOT NULL,
    lat             DOUBLE      NULL,
    lon             DOUBLE      NULL,
    avatars         TEXT        NOT NULL,   -- JSON array
    vip_level       TINYINT     NOT NULL,
    vip_end         BIGINT      NOT NULL,
    dating_sex      TINYINT     NOT NULL,
    dating_location VARCHAR(64) NOT NULL,
    min_distance    INT         NOT NULL,
    max_distance    INT         NOT NULL,
    min_age         SMALLINT    NOT NULL,
    max_age         SMALLINT    NOT NULL,
    only_matched    TINYINT     NOT NULL,
    vibration       TINYINT     NOT NULL,
    auto_play       TINYINT     NOT NULL,
    created         BIGINT      NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which user has a number.
CREATE TABLE phones (
    phone VARCHAR(20) NOT NULL PRIMARY KEY,
    uid   BIGINT      NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE codes (
    phone        VARCHAR(20) NOT NULL PRIMARY KEY,
    code         VARCHAR(16) NOT NULL,
    sent_at      BIGINT      NOT NULL,
    tries        INT         NOT NULL,
    locked_until BIGINT      NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE revoked (
    token   BIGINT NOT NULL PRIMARY KEY,
    uid     BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    KEY by_expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE swiped (
    uid   BIGINT  NOT NULL,
    sid   BIGINT  NOT NULL,
    kind  TINYINT NOT NULL,
    at    BIGINT  NOT NULL,
    batch BIGINT  NOT NULL,                 -- what wrote it
    PRIMARY KEY (uid, sid),
    KEY by_sid (sid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE friends (
    uid       BIGINT NOT NULL,
    fid       BIGINT NOT NULL,
    since     BIGINT NOT NULL,
    completer BIGINT NOT NULL,              -- whose swipe completed the match
    PRIMARY KEY (uid, fid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE pushes (
    uid     BIGINT   NOT NULL,
    seq     BIGINT   NOT NULL,
    op      SMALLINT NOT NULL,
    subject BIGINT   NOT NULL,
    at      BIGINT   NOT NULL,
    PRIMARY KEY (uid, seq),
    KEY by_subject (uid, op, subject, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last number that a user's pushes were given.
CREATE TABLE push_seqs (
    uid BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Batches of swipes whose consequences are not all written yet. What is in here after a crash, any host brings to its end.
CREATE TABLE journal (
    batch    BIGINT        NOT NULL PRIMARY KEY,
    node     SMALLINT      NOT NULL,        -- whose lane committed it
    owner    VARBINARY(16) NOT NULL,        -- the host that settles it
    answered TINYINT       NOT NULL,        -- 1: only the index lacks it
    swipes   MEDIUMBLOB    NOT NULL,
    KEY by_owner (owner, batch)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last batch of each node's lane on this shard.
CREATE TABLE lanes (
    node       SMALLINT NOT NULL PRIMARY KEY,
    epoch      BIGINT   NOT NULL,
    last_batch BIGINT   NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What other hosts must learn of.
CREATE TABLE events (
    id      BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at      BIGINT   NOT NULL,
    node    SMALLINT NOT NULL,
    kind    TINYINT  NOT NULL,
    uid     BIGINT   NOT NULL,
    subject BIGINT   NOT NULL,
    KEY by_at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which host has which node number, and until when. Used on shard 0 only.
CREATE TABLE nodes (
    node  SMALLINT      NOT NULL PRIMARY KEY,
    owner VARBINARY(16) NOT NULL,
    epoch BIGINT        NOT NULL,
    until BIGINT        NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The keys that tokens are protected with. Used on shard 0 only.
CREATE TABLE token_keys (
    id  VARCHAR(255) NOT NULL PRIMARY KEY,
    xml TEXT         NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which shard of how many this database is.
CREATE TABLE meta (
    name  VARCHAR(64)  NOT NULL PRIMARY KEY,
    value VARCHAR(255) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
