-- From here on `last_at` is the last time that a swipe of the user was given, also if it was taken back since: later ones get later times.
-- Of the swipes that one statement writes, `first_at` is the first one's time.
ALTER TABLE swipers ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0;
