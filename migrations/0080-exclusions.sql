-- Runs that take no part in comparisons, and why: kept and shown, never dropped silently.

CREATE TABLE exclusions (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  reason TEXT NOT NULL CHECK (reason <> ''),
  excluded_at TEXT NOT NULL
) STRICT;
