-- 75,000 runs × 60 metrics answer at once (docs/figures/library.md): what repetitions of a run
-- share is kept once, each metric of a run as one figure in order of the metric, and one index
-- holds what the table is narrowed by.

-- What repetitions of a run have in common: the factors of its cell.
CREATE TABLE settings (
  setting_key INTEGER PRIMARY KEY,
  factors TEXT NOT NULL UNIQUE CHECK (json_valid(factors)),
  app TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.app') STORED,
  scheme TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.scheme') STORED,
  mix TEXT NOT NULL GENERATED ALWAYS AS (factors ->> '$.mix') STORED,
  overcommit REAL GENERATED ALWAYS AS (factors ->> '$.overcommit') STORED
) STRICT;

ALTER TABLE runs ADD COLUMN setting_key INTEGER REFERENCES settings;

-- A run that says nothing of its cell has the columns that it was stored with.
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

INSERT INTO settings (factors) SELECT DISTINCT factors FROM run_factors;
UPDATE runs SET setting_key = (
  SELECT setting_key FROM settings JOIN run_factors USING (factors)
  WHERE run_factors.run_key = runs.run_key
);

-- All that the library narrows, sorts and groups by, so that it never reads the rows themselves.
CREATE INDEX runs_narrowed ON runs (
  setting_key, kind, campaign_key, environment_key, trashed_at, seed, time_ns, makespan_ns, events,
  wall_ms, created_at, name
);
DROP INDEX runs_by_created_at;
DROP INDEX runs_by_name;
DROP INDEX runs_by_scheme;
DROP INDEX runs_by_mix;
DROP INDEX runs_by_seed;
DROP INDEX runs_by_time_ns;
DROP INDEX runs_by_events;

-- Names of the figures in run_metrics, and how a run's is made from those of its VMs and host.
CREATE TABLE metric_names (
  metric_key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  combined TEXT NOT NULL CHECK (combined IN ('sum', 'mean'))
) STRICT;

-- One figure a run and metric, in order of the metric. parts: how many it was made from.
CREATE TABLE run_metrics (
  metric_key INTEGER NOT NULL REFERENCES metric_names,
  run_key INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (metric_key, run_key)
) STRICT, WITHOUT ROWID;

-- Where the figures come from: counters and latencies of VMs and host, and time by class.
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

-- By the metrics one after the other: an index by run would cost as much as the table.
CREATE TRIGGER runs_lose_metrics AFTER DELETE ON runs BEGIN
  DELETE FROM run_metrics
  WHERE metric_key IN (SELECT metric_key FROM metric_names) AND run_key = old.run_key;
END;

INSERT INTO metric_names (name, combined)
SELECT DISTINCT name, combined FROM run_figures ORDER BY name;
INSERT INTO run_metrics (metric_key, run_key, parts, value)
SELECT
  metric_key, run_key, count(*), iif(metric_names.combined = 'mean', avg(value), sum(value))
FROM run_figures JOIN metric_names USING (name)
GROUP BY metric_key, run_key ORDER BY metric_key, run_key;

-- Questions to the library that the user gave a name. JSON: core/contract/library-view.ts.
CREATE TABLE library_views (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (json_valid(state)),
  saved_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
