-- The last time that a swipe of the user was given when one was taken back, whose row does not stay: later ones get later times.
ALTER TABLE rewinds ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
