-- Of a user whose swipes have times ahead of the clock, because that was set back since the first of them: the clock's time of the
-- last one, and the likes of its day that stand. `made_at` is 0 for everybody else.
ALTER TABLE rewinds ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rewinds ADD COLUMN likes INTEGER NOT NULL DEFAULT 0;
