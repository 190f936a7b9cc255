-- The payload of a push, as it is sent; null where it is [subject, at].
ALTER TABLE pushes ADD COLUMN data BLOB;

-- The last number that a user's pushes were given: the pushes themselves are dropped some time.
CREATE TABLE push_seqs (
    uid INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL
);
INSERT INTO push_seqs (uid, seq) SELECT uid, max(seq) FROM pushes GROUP BY uid;
