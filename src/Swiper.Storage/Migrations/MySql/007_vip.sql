-- What VIP levels are; used on shard 0 only. Permissions and prices are JSON arrays.
CREATE TABLE vip_levels (
    level       TINYINT     NOT NULL PRIMARY KEY,
    name        VARCHAR(64) NOT NULL,
    permissions TEXT        NOT NULL,
    prices      TEXT        NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO vip_levels (level, name, permissions, prices) VALUES
    (0, 'basic', '[]', '[]'),
    (1, 'bronze', '["superlike"]',
        '[{"days":30,"price":10,"currency":"coins"},{"days":180,"price":50,"currency":"coins"},'
        '{"days":365,"price":90,"currency":"coins"}]'),
    (2, 'silver', '["superlike","rewind"]',
        '[{"days":30,"price":20,"currency":"coins"},{"days":180,"price":100,"currency":"coins"},'
        '{"days":365,"price":180,"currency":"coins"}]'),
    (3, 'gold', '["superlike","rewind","who_liked_me","unlimited_likes","any_location"]',
        '[{"days":30,"price":40,"currency":"coins"},{"days":180,"price":200,"currency":"coins"},'
        '{"days":365,"price":360,"currency":"coins"}]')
    ON DUPLICATE KEY UPDATE level = level;

-- Who has a level is read at each start.
ALTER TABLE users ADD KEY by_vip (vip_level);
