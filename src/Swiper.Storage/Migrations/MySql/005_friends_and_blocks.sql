-- When the friendship ended; 0 while it lasts. The row stays: nothing that is left of an old match may begin it again.
ALTER TABLE friends ADD COLUMN ended BIGINT NOT NULL DEFAULT 0, ADD KEY by_since (uid, since, fid);

-- Whom a user has blocked.
CREATE TABLE blocks (
    uid   BIGINT NOT NULL,
    bid   BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (uid, bid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
