-- Exports of reports: which PDF was made of which campaign, when, and of what it was made. The PDF
-- itself is the user's file; its hash tells whether a file is the one.

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
