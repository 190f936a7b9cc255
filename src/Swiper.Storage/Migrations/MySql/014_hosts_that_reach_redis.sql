-- When the host last said that all of Redis answers it and its heartbeat comes back through it. Hosts of older versions never say it.
ALTER TABLE nodes ADD COLUMN redis_at BIGINT NOT NULL DEFAULT 0;
