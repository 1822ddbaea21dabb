-- Measured runs: hosts they are made on, what could not be observed there, and how the runs went.

-- JSON, core/contract/library.ts: the host of measured runs as it was; NULL of simulated ones.
ALTER TABLE environments ADD COLUMN host TEXT CHECK (host IS NULL OR json_valid(host));

-- Hosts as the user calls them. target: what OpenSSH is told, or `local:` for this machine.
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

-- Why a measured run has no value of a metric. vm_index -1 is the host.
CREATE TABLE not_observable (
  run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  vm_index INTEGER NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (run_key, vm_index, key)
) STRICT, WITHOUT ROWID;

-- How a measured run went: JSON, core/contract/result.ts.
CREATE TABLE run_series (
  run_key INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  series TEXT NOT NULL CHECK (json_valid(series))
) STRICT;
