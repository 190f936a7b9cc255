-- The payload of a push, as it is sent; null where it is [subject, at].
ALTER TABLE pushes ADD COLUMN data BLOB NULL;
