-- What must happen elsewhere after a transaction, written in it and deleted once done.
CREATE TABLE follow_ups (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,     -- never given twice: a late deletion must not hit another row
    kind     INTEGER NOT NULL,
    uid      INTEGER NOT NULL,          -- the user whom it concerns
    payload  BLOB    NOT NULL,
    due      INTEGER NOT NULL,          -- from then on it is done by whoever finds it
    attempts INTEGER NOT NULL
);
