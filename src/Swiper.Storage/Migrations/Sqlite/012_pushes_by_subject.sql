-- A push is looked for before it is written, and kept for a week, whatever their number.
CREATE INDEX pushes_by_subject ON pushes (uid, op, subject, at);
