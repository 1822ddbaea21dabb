-- Places in a run's trace that the user named. They belong to the run: a trace that is recorded
-- again is the same, so they outlive it.

CREATE TABLE trace_bookmarks (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  from_ns INTEGER NOT NULL,
  to_ns INTEGER NOT NULL,
  track INTEGER,
  PRIMARY KEY (run_key, id)
) STRICT, WITHOUT ROWID;
