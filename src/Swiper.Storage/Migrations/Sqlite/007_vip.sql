-- What VIP levels are; used in the first file only. Permissions and prices are JSON arrays.
CREATE TABLE vip_levels (
    level       INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    permissions TEXT    NOT NULL,
    prices      TEXT    NOT NULL
);
INSERT INTO vip_levels (level, name, permissions, prices) VALUES
    (0, 'basic', '[]', '[]'),
    (1, 'bronze', '["superlike"]',
        '[{"days":30,"price":10,"currency":"coins"},{"days":180,"price":50,"currency":"coins"},'
        || '{"days":365,"price":90,"currency":"coins"}]'),
    (2, 'silver', '["superlike","rewind"]',
        '[{"days":30,"price":20,"currency":"coins"},{"days":180,"price":100,"currency":"coins"},'
        || '{"days":365,"price":180,"currency":"coins"}]'),
    (3, 'gold', '["superlike","rewind","who_liked_me","unlimited_likes","any_location"]',
        '[{"days":30,"price":40,"currency":"coins"},{"days":180,"price":200,"currency":"coins"},'
        || '{"days":365,"price":360,"currency":"coins"}]');

-- Who has a level is read at each start.
CREATE INDEX users_by_vip ON users (vip_level) WHERE vip_level > 0;

-- The ends of levels wait here for a long time, and must not slow down the others.
CREATE INDEX follow_ups_by_due ON follow_ups (due);
CREATE INDEX follow_ups_by_user ON follow_ups (uid, kind);
