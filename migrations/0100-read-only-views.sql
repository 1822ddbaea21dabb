-- For other tools, read only; docs/sql.md has the meaning and unit of every column. Runs in the
-- trash are in none of them. Written for SQLite 3.38 and later: one that cannot read a single view
-- refuses the whole file.

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

-- Iterations of each VM.
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

-- Counters and latencies of each VM (vm 0 …) and of the host (vm NULL), as they were recorded.
CREATE VIEW v_vm_metrics AS
SELECT r.id AS run_id, r.kind, nullif(m.vm_index, -1) AS vm, m.key AS metric, m.value
FROM metrics m JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

-- One figure a run and metric.
CREATE VIEW v_metrics AS
SELECT r.id AS run_id, r.kind, n.name AS metric, m.value, n.combined
FROM run_metrics m JOIN metric_names n USING (metric_key) JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

-- Why a measured run lacks a figure.
CREATE VIEW v_not_observable AS
SELECT r.id AS run_id, r.kind, nullif(o.vm_index, -1) AS vm, o.key AS metric, o.reason
FROM not_observable o JOIN runs r USING (run_key)
WHERE r.trashed_at IS NULL;

-- Where the threads' time went; the classes of a VM sum to threads × makespan.
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

-- Each run of a campaign beside that of the baseline with the same seed and otherwise the same
-- cell, without excluded runs.
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
