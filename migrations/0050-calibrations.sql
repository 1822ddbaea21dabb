-- Calibrations: costs of the simulator that were measured on a host.

CREATE TABLE calibrations (
  name TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  created_at TEXT NOT NULL,
  -- JSON, core/contract/calibration.ts.
  calibration TEXT NOT NULL CHECK (json_valid(calibration))
) STRICT, WITHOUT ROWID;
