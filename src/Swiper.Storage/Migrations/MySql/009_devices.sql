-- Where users are signed in: a row a login, whose id is that of its token. It goes when the token ends.
CREATE TABLE devices (
    id        BIGINT       NOT NULL PRIMARY KEY,    -- in the shard of the user
    uid       BIGINT       NOT NULL,
    client    VARCHAR(100) NOT NULL,        -- what the app called itself
    created   BIGINT       NOT NULL,
    last_seen BIGINT       NOT NULL,        -- exact to an hour
    expires   BIGINT       NOT NULL,
    KEY by_user (uid),
    KEY by_expires (expires)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Users who have signed out all other devices: tokens of theirs that are not in devices, as those of older versions, are no good.
CREATE TABLE listed_only (
    uid BIGINT NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Old pushes are found by their age.
ALTER TABLE pushes ADD KEY by_at (at);
