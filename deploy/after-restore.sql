-- Run on every shard of a cluster that was restored from a backup, before the first host starts. Pushes go on from numbers that were never
-- given, so that clients that have seen more than the backup knows of are told that they missed some (docs/decisions/0032).
INSERT IGNORE INTO push_seqs (uid, seq) SELECT uid, 0 FROM users;
UPDATE push_seqs SET seq = GREATEST(seq + 1048576, UNIX_TIMESTAMP() * 1048576);
