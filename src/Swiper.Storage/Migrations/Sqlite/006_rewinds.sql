-- How many swipes a user took back on the last day that any was. From here on `swiped.kind` is 4, 5 or 6 where a swipe of kind 1, 2 or 3
-- is being taken back: it counts nowhere, and the row goes once all that the swipe led to is taken back.
CREATE TABLE rewinds (
    uid  INTEGER PRIMARY KEY,
    day  INTEGER NOT NULL,          -- counted from the Unix epoch
    used INTEGER NOT NULL
);
