-- Traces of runs: what was recorded, in compressed chunks in order of time, and a pyramid of
-- pre-aggregated levels. docs/traces.md has the formats. A run has at most one trace.

CREATE TABLE traces (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  -- JSON, core/contract/trace.ts.
  header TEXT NOT NULL CHECK (json_valid(header)),
  created_at TEXT NOT NULL
) STRICT;

-- A chunk's records end later than those of the chunk before; they may begin before its end.
CREATE TABLE trace_chunks (
  run_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  chunk_index INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,
  end_ns INTEGER NOT NULL,
  records INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run_key, chunk_index)
) STRICT;

-- Blocks of 2048 buckets of 2^level ns of one track.
CREATE TABLE trace_blocks (
  run_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  level INTEGER NOT NULL,
  block INTEGER NOT NULL,
  track INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run_key, level, block, track)
) STRICT;
