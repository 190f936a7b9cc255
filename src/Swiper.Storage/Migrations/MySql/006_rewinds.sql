-- What a user has done last, and on the last day of any swipe or rewind. From here on `swiped.kind` is 4, 5 or 6 where a swipe of kind 1,
-- 2 or 3 is being taken back: it counts nowhere, and the row goes once all that the swipe led to is taken back.
CREATE TABLE swipers (
    uid      BIGINT NOT NULL PRIMARY KEY,
    last_sid BIGINT NOT NULL,               -- 0 where no swipe stands
    last_at  BIGINT NOT NULL,
    day      INT    NOT NULL,               -- counted from the Unix epoch
    likes    INT    NOT NULL,               -- likes of that day that stand
    rewinds  INT    NOT NULL                -- rewinds made on that day
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
