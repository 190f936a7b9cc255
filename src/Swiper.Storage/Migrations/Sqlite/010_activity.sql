-- When users were last active, to the hour, written at most once an hour each. A table of its own, whose rows are small: profiles are not
-- written again for it.
CREATE TABLE activity (
    uid     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    written INTEGER NOT NULL
);
