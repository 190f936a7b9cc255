-- When users were last active, to the hour, written at most once an hour each. A table of its own, whose rows are small: profiles are not
-- written again for it. Every host reads the rows that were written since it last did.
CREATE TABLE activity (
    uid     BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    written BIGINT NOT NULL,
    KEY by_written (written)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
