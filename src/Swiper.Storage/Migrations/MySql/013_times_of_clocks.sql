-- The clock's time of the user's last swipe, which is earlier than `last_at` after a clock that was ahead was put right.
ALTER TABLE swipers ADD COLUMN made_at BIGINT NOT NULL DEFAULT 0;
-- The end of a lease by the server's clock alone: `until` is the later of that and the holder's. It holds while `until` is as it was
-- written together with it; hosts of the previous release write `until` alone.
ALTER TABLE nodes ADD COLUMN ends BIGINT NOT NULL DEFAULT 0, ADD COLUMN ends_with BIGINT NOT NULL DEFAULT 0;
