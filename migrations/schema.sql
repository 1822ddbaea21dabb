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
, setting_key INTEGER REFERENCES settings) STRICT;

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

CREATE INDEX runs_by_app ON runs (app, scheme, wall_ms) WHERE trashed_at IS NULL;

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

CREATE TABLE settings (
  setting_key INTEGER PRIMARY KEY,
  factors TEXT NOT NULL UNIQUE CHECK (json_valid(factors)),
  app TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.app') STORED,
  scheme TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.scheme') STORED,
  mix TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.mix') STORED,
  overcommit REAL GENERATED ALWAYS AS (factors ->> '$.overcommit') STORED
) STRICT;

CREATE VIEW run_factors AS
SELECT
  run_key,
  coalesce(
    factors,
    json_object('app', app, 'scheme', scheme, 'mix', mix, 'overcommit', overcommit,
      'vary', json_object())
  ) AS factors
FROM runs;

CREATE TRIGGER runs_get_setting AFTER INSERT ON runs BEGIN
  INSERT OR IGNORE INTO settings (factors)
  SELECT factors FROM run_factors WHERE run_key = new.run_key;
  UPDATE runs SET setting_key = (
    SELECT setting_key FROM settings JOIN run_factors USING (factors)
    WHERE run_factors.run_key = new.run_key
  ) WHERE run_key = new.run_key;
END;

CREATE INDEX runs_narrowed ON runs (
  setting_key, kind, campaign_key, environment_key, trashed_at, seed, time_ns, makespan_ns, events,
  wall_ms, created_at, name
);

CREATE TABLE metric_names (
  metric_key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  combined TEXT NOT NULL CHECK (combined IN ('sum', 'mean'))
) STRICT;

CREATE TABLE run_metrics (
  metric_key INTEGER NOT NULL REFERENCES metric_names,
  run_key INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (metric_key, run_key)
) STRICT, WITHOUT ROWID;

CREATE VIEW run_figures AS
SELECT
  run_key,
  key AS name,
  iif(key LIKE 'latency.%' AND key <> 'latency.count', 'mean', 'sum') AS combined,
  value
FROM metrics
UNION ALL
SELECT run_key, 'time.' || class || 'Ns', 'sum', ns FROM attribution;

CREATE TRIGGER metrics_add_up AFTER INSERT ON metrics BEGIN
  INSERT OR IGNORE INTO metric_names (name, combined) VALUES (
    new.key, iif(new.key LIKE 'latency.%' AND new.key <> 'latency.count', 'mean', 'sum')
  );
  INSERT INTO run_metrics (metric_key, run_key, parts, value)
  SELECT metric_key, new.run_key, 1, new.value FROM metric_names WHERE name = new.key
  ON CONFLICT DO UPDATE SET
    parts = parts + 1,
    value = CASE (SELECT combined FROM metric_names WHERE name = new.key)
      WHEN 'mean' THEN value + (new.value - value) / (parts + 1)
      ELSE value + new.value
    END;
END;

CREATE TRIGGER attribution_adds_up AFTER INSERT ON attribution BEGIN
  INSERT OR IGNORE INTO metric_names (name, combined) VALUES ('time.' || new.class || 'Ns', 'sum');
  INSERT INTO run_metrics (metric_key, run_key, parts, value)
  SELECT metric_key, new.run_key, 1, new.ns FROM metric_names
  WHERE name = 'time.' || new.class || 'Ns'
  ON CONFLICT DO UPDATE SET parts = parts + 1, value = value + new.ns;
END;

CREATE TRIGGER runs_lose_metrics AFTER DELETE ON runs BEGIN
  DELETE FROM run_metrics
  WHERE metric_key IN (SELECT metric_key FROM metric_names) AND run_key = old.run_key;
END;

CREATE TABLE library_views (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (json_valid(state)),
  saved_at TEXT NOT NULL
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

CREATE VIEW v_runs AS
SELECT
  r.id AS run_id,
  r.kind,
  c.id AS campaign_id,
  c.name AS campaign,
  r.cell_index AS cell,
  r.name,
  s.app,
  s.scheme,
  s.mix,
  s.overcommit,
  s.factors -> '$.vary' AS settings,
  r.seed,
  r.time_ns,
  r.makespan_ns,
  r.events,
  r.wall_ms,
  e.host ->> '$.name' AS host,
  e.host ->> '$.accel' AS accel,
  e.cpu AS made_on_cpu,
  e.os AS made_on_os,
  e.app_version,
  e.commit_id,
  r.trace_hash,
  r.content_hash,
  r.created_at,
  (SELECT group_concat(tag, ' ') FROM (
    SELECT tag FROM run_tags t WHERE t.run_key = r.run_key ORDER BY tag
  )) AS tags,
  r.note,
  x.reason AS excluded
FROM runs r
  JOIN settings s USING (setting_key)
  JOIN environments e USING (environment_key)
  LEFT JOIN campaigns c USING (campaign_key)
  LEFT JOIN exclusions x USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_vms AS
SELECT
  r.id AS run_id,
  r.kind,
  v.vm_index AS vm,
  v.name AS vm_name,
  v.app,
  v.vcpus,
  v.threads,
  v.iterations_asked,
  json_array_length(v.iteration_ns) AS iterations_done,
  (SELECT avg(value) FROM json_each(v.iteration_ns) WHERE key < v.iterations_asked) AS time_ns,
  v.cpu_ns
FROM vm_results v JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_vm_metrics AS
SELECT r.id AS run_id, r.kind, nullif(m.vm_index, -1) AS vm, m.key AS metric, m.value
FROM metrics m JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_metrics AS
SELECT r.id AS run_id, r.kind, n.name AS metric, m.value, n.combined
FROM run_metrics m JOIN metric_names n USING (metric_key) JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_not_observable AS
SELECT r.id AS run_id, r.kind, nullif(o.vm_index, -1) AS vm, o.key AS metric, o.reason
FROM not_observable o JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_attribution AS
SELECT
  r.id AS run_id,
  r.kind,
  a.vm_index AS vm,
  v.name AS vm_name,
  a.class,
  a.ns,
  a.ns / (v.threads * r.makespan_ns) AS share
FROM attribution a
  JOIN vm_results v USING (run_key, vm_index)
  JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

CREATE VIEW v_comparison_pairs AS
SELECT
  c.id AS campaign_id,
  c.name AS campaign,
  r.kind,
  s.app,
  s.mix,
  s.overcommit,
  s.factors -> '$.vary' AS settings,
  s.scheme,
  b.scheme AS baseline,
  r.seed,
  r.id AS run_id,
  o.id AS baseline_run_id,
  r.time_ns,
  o.time_ns AS baseline_time_ns,
  r.time_ns / o.time_ns AS ratio
FROM campaigns c
  JOIN runs r USING (campaign_key)
  JOIN settings s ON s.setting_key = r.setting_key
  JOIN settings b
    ON b.factors = json_set(s.factors, '$.scheme', c.definition ->> '$.baseline')
  JOIN runs o
    ON o.setting_key = b.setting_key AND o.kind = r.kind AND o.campaign_key = r.campaign_key
      AND o.seed = r.seed
WHERE r.trashed_at IS NULL AND o.trashed_at IS NULL AND s.scheme <> b.scheme
  AND r.time_ns > 0 AND o.time_ns > 0
  AND r.run_key NOT IN (SELECT run_key FROM exclusions)
  AND o.run_key NOT IN (SELECT run_key FROM exclusions);

PRAGMA user_version = 100;
