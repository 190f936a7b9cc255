-- What users report of each other, for the staff; with the reported user. One row a reporter until staff decide.
CREATE TABLE reports (
    uid      INTEGER,                   -- the reported user
    id       INTEGER,
    reporter INTEGER NOT NULL,
    reason   INTEGER NOT NULL,          -- 1 spam, 2 fake, 3 offensive, 4 underage, 5 other
    text     TEXT,
    at       INTEGER NOT NULL,
    decided  INTEGER NOT NULL,          -- when staff decided; 0 until then
    PRIMARY KEY (uid, id)
) WITHOUT ROWID;
CREATE INDEX reports_by_reporter ON reports (uid, reporter, decided);
CREATE INDEX reports_by_time ON reports (uid, decided, at);

-- Users who were ever reported.
CREATE TABLE reported (
    uid      INTEGER PRIMARY KEY,
    standing INTEGER NOT NULL,          -- 0 decks show them, 1 not until staff decide, 2 staff decided against it
    since    INTEGER NOT NULL           -- when the first report was made that waits for staff; 0 if none does
);
CREATE INDEX reported_by_since ON reported (since);
CREATE INDEX reported_by_standing ON reported (standing);

-- Whom a user has reported on the last day on which they reported anybody.
CREATE TABLE report_quotas (
    uid      INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL,          -- since the epoch, UTC
    reported TEXT    NOT NULL           -- uids, divided by commas
);

-- Friendships that have ended cost the pages of those that last nothing.
DROP INDEX friends_by_since;
CREATE INDEX friends_by_since ON friends (uid, ended, since, fid);
