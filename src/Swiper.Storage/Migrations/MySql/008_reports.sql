-- What users report of each other, for the staff; with the reported user. One row a reporter until staff decide.
CREATE TABLE reports (
    uid      BIGINT        NOT NULL,    -- the reported user
    id       BIGINT        NOT NULL,
    reporter BIGINT        NOT NULL,
    reason   TINYINT       NOT NULL,    -- 1 spam, 2 fake, 3 offensive, 4 underage, 5 other
    text     VARCHAR(1000) NULL,
    at       BIGINT        NOT NULL,
    decided  BIGINT        NOT NULL,    -- when staff decided; 0 until then
    PRIMARY KEY (uid, id),
    KEY by_reporter (uid, reporter, decided),
    KEY by_time (uid, decided, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Users who were ever reported.
CREATE TABLE reported (
    uid      BIGINT  NOT NULL PRIMARY KEY,
    standing TINYINT NOT NULL,          -- 0 decks show them, 1 not until staff decide, 2 staff decided against it
    since    BIGINT  NOT NULL,          -- when the first report was made that waits for staff; 0 if none does
    KEY by_since (since),
    KEY by_standing (standing)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Whom a user has reported on the last day on which they reported anybody.
CREATE TABLE report_quotas (
    uid      BIGINT        NOT NULL PRIMARY KEY,
    day      BIGINT        NOT NULL,    -- since the epoch, UTC
    reported VARCHAR(1000) NOT NULL     -- uids, divided by commas
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Friendships that have ended cost the pages of those that last nothing.
ALTER TABLE friends DROP KEY by_since, ADD KEY by_since (uid, ended, since, fid);
