-- The codes that were sent to a phone in the last day, a JSON array, each with the nonce of the device that asked. Besides, `tries` and
-- `locked_until` are those of all who have no nonce, `sent_at` is when the row last changed, and `code` is one that an older version sent.
ALTER TABLE codes ADD COLUMN sent TEXT;
