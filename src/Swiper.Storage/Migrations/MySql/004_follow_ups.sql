-- What must happen elsewhere after a transaction, written in it and deleted once done.
CREATE TABLE follow_ups (
    id       BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind     SMALLINT       NOT NULL,
    uid      BIGINT         NOT NULL,   -- the user whom it concerns
    payload  BLOB           NOT NULL,
    due      BIGINT         NOT NULL,   -- from then on it is done by whoever finds it
    attempts INT            NOT NULL,
    KEY by_due (due),
    KEY by_user (uid, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
