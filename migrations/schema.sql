-- The schema after all migrations. Written by `vitest -u`, never by hand.

CREATE TABLE schema_history (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL,
  app_version TEXT NOT NULL,
  commit_id TEXT
) STRICT;

CREATE TABLE scenarios (
  scenario_key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  json TEXT NOT NULL CHECK (json_valid(json))
) STRICT;

CREATE TABLE environments (
  environment_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  app_version TEXT NOT NULL,
  commit_id TEXT,
  runtime TEXT NOT NULL,
  os TEXT NOT NULL,
  cpu TEXT NOT NULL,
  cpu_count INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  schema_version INTEGER NOT NULL
, host TEXT CHECK (host IS NULL OR json_valid(host))) STRICT;

CREATE TABLE campaigns (
  campaign_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  status TEXT NOT NULL DEFAULT 'new' CHECK (
    status IN ('new', 'running', 'paused', 'cancelled', 'interrupted', 'finished')
  ),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  run_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('simulated', 'measured', 'counterfactual')),
  -- SHA-256 of the canonical JSON of scenario and result without wall time; equal content may occur
  -- in several runs.
  content_hash TEXT NOT NULL,
  scenario_key INTEGER NOT NULL REFERENCES scenarios,
  environment_key INTEGER NOT NULL REFERENCES environments,
  campaign_key INTEGER REFERENCES campaigns,
  cell_index INTEGER,
  factors TEXT CHECK (factors IS NULL OR json_valid(factors)),
  name TEXT NOT NULL,
  app TEXT NOT NULL,
  scheme TEXT NOT NULL,
  mix TEXT NOT NULL,
  overcommit REAL,
  seed INTEGER NOT NULL,
  time_ns REAL NOT NULL,
  makespan_ns REAL NOT NULL,
  events INTEGER NOT NULL,
  wall_ms REAL NOT NULL,
  trace_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  trashed_at TEXT
) STRICT;

CREATE TABLE cells (
  campaign_key INTEGER NOT NULL REFERENCES campaigns ON DELETE CASCADE,
  cell_index INTEGER NOT NULL,
  factors TEXT NOT NULL CHECK (json_valid(factors)),
  seed INTEGER NOT NULL,
  repetition INTEGER NOT NULL,
  scenario_key INTEGER NOT NULL REFERENCES scenarios,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (
    status IN ('pending', 'running', 'finished', 'failed', 'skipped')
  ),
  error TEXT,
  run_key INTEGER UNIQUE REFERENCES runs,
  PRIMARY KEY (campaign_key, cell_index),
  CHECK ((status = 'finished') = (run_key IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE vm_results (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  vm_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  app TEXT NOT NULL,
  vcpus INTEGER NOT NULL,
  threads INTEGER NOT NULL,
  -- JSON list of ns.
  iteration_ns TEXT NOT NULL CHECK (json_valid(iteration_ns)),
  iterations_asked INTEGER NOT NULL,
  cpu_ns REAL NOT NULL,
  PRIMARY KEY (run_key, vm_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  vm_index INTEGER NOT NULL,
  key TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_key, vm_index, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE attribution (
  run_key INTEGER NOT NULL,
  vm_index INTEGER NOT NULL,
  class TEXT NOT NULL,
  ns REAL NOT NULL,
  PRIMARY KEY (run_key, vm_index, class),
  FOREIGN KEY (run_key, vm_index) REFERENCES vm_results ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE run_tags (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_key, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX cells_by_status ON cells (campaign_key, status);

CREATE INDEX cells_running ON cells (status) WHERE status = 'running';

CREATE INDEX cells_by_scenario ON cells (scenario_key);

CREATE INDEX run_tags_by_tag ON run_tags (tag);

CREATE INDEX runs_by_content_hash ON runs (content_hash);

CREATE INDEX runs_by_scenario ON runs (scenario_key);

CREATE INDEX runs_by_environment ON runs (environment_key);

CREATE INDEX runs_by_campaign ON runs (campaign_key, cell_index);

CREATE INDEX runs_by_trashed_at ON runs (trashed_at) WHERE trashed_at IS NOT NULL;

CREATE INDEX runs_by_created_at ON runs (created_at) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_name ON runs (name) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_app ON runs (app, scheme, wall_ms) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_scheme ON runs (scheme) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_mix ON runs (mix) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_seed ON runs (seed) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_time_ns ON runs (time_ns) WHERE trashed_at IS NULL;

CREATE INDEX runs_by_events ON runs (events) WHERE trashed_at IS NULL;

CREATE VIEW run_texts AS
SELECT
  run_key,
  name,
  app,
  scheme,
  note,
  coalesce(
    (SELECT group_concat(tag, ' ') FROM run_tags WHERE run_tags.run_key = runs.run_key), ''
  ) AS tags
FROM runs;

CREATE VIRTUAL TABLE run_search USING fts5 (
  name, app, scheme, note, tags,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

CREATE TRIGGER run_search_after_insert AFTER INSERT ON runs BEGIN
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_update AFTER UPDATE OF name, app, scheme, note ON runs BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_delete AFTER DELETE ON runs BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
END;

CREATE TRIGGER run_search_after_tag AFTER INSERT ON run_tags BEGIN
  DELETE FROM run_search WHERE rowid = new.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = new.run_key;
END;

CREATE TRIGGER run_search_after_untag AFTER DELETE ON run_tags BEGIN
  DELETE FROM run_search WHERE rowid = old.run_key;
  INSERT INTO run_search (rowid, name, app, scheme, note, tags)
  SELECT * FROM run_texts WHERE run_key = old.run_key;
END;

CREATE TABLE traces (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  -- JSON, core/contract/trace.ts.
  header TEXT NOT NULL CHECK (json_valid(header)),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE trace_chunks (
  run_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  chunk_index INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,
  end_ns INTEGER NOT NULL,
  records INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run_key, chunk_index)
) STRICT;

CREATE TABLE trace_blocks (
  run_key INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  level INTEGER NOT NULL,
  block INTEGER NOT NULL,
  track INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (run_key, level, block, track)
) STRICT;

CREATE TABLE hosts (
  name TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  ssh_config TEXT,
  added_at TEXT NOT NULL,
  -- JSON: the host key that the user has accepted.
  trusted TEXT CHECK (trusted IS NULL OR json_valid(trusted)),
  -- JSON: the last attempt to reach it.
  probe TEXT CHECK (probe IS NULL OR json_valid(probe)),
  note TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE not_observable (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  vm_index INTEGER NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (run_key, vm_index, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_series (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  series TEXT NOT NULL CHECK (json_valid(series))
) STRICT;

CREATE TABLE calibrations (
  name TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  created_at TEXT NOT NULL,
  -- JSON, core/contract/calibration.ts.
  calibration TEXT NOT NULL CHECK (json_valid(calibration))
) STRICT, WITHOUT ROWID;

CREATE TABLE trace_bookmarks (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  from_ns INTEGER NOT NULL,
  to_ns INTEGER NOT NULL,
  track INTEGER,
  PRIMARY KEY (run_key, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE exclusions (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  reason TEXT NOT NULL CHECK (reason <> ''),
  excluded_at TEXT NOT NULL
) STRICT;

CREATE TABLE report_exports (
  export_key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign_key INTEGER REFERENCES campaigns ON DELETE SET NULL,
  campaign_name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  -- JSON, core/contract/report.ts.
  request TEXT NOT NULL CHECK (json_valid(request))
) STRICT;

CREATE INDEX report_exports_by_campaign ON report_exports (campaign_key);

PRAGMA user_version = 90;
