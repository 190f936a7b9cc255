-- Former friends of whom this one has taken back the swipe: no swipe keeps the two apart any more, so this does.
CREATE TABLE former_friends (
    uid INTEGER,
    fid INTEGER,
    PRIMARY KEY (uid, fid)
) WITHOUT ROWID;
INSERT INTO former_friends (uid, fid)
    SELECT uid, fid FROM friends f
    WHERE ended > 0 AND NOT EXISTS (SELECT 1 FROM swiped s WHERE s.uid = f.uid AND s.sid = f.fid);
