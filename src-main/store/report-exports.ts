/** The history of exported reports. */
import type { ReportExport } from '../core/contract/report.ts'
import type { Connection } from './connection.ts'
import { nowIso, uuidV7 } from './identity.ts'
import { campaignKey } from './keys.ts'
import type { NewReportExport } from './operations.ts'
import { readJson } from './stored-json.ts'

type Stored = Omit<ReportExport, 'request'> & { readonly request: string }

const EXPORT = `
  SELECT e.id, c.id AS campaignId, e.campaign_name AS campaignName, e.created_at AS createdAt,
    e.file_name AS fileName, e.sha256, e.bytes, e.pages, e.request
  FROM report_exports e LEFT JOIN campaigns c USING (campaign_key)`

const readExport = ({ request, ...row }: Stored): ReportExport => ({
  ...row,
  request: readJson<ReportExport['request']>(request),
})

/** See StoreOperations. */
export function keepReportExport(db: Connection, report: NewReportExport): ReportExport {
  const { campaignId, campaignName, fileName, sha256, bytes, pages, request } = report
  const id = uuidV7()
  db.run(
    `INSERT INTO report_exports (id, campaign_key, campaign_name, created_at, file_name, sha256,
      bytes, pages, request) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    campaignKey(db, campaignId),
    campaignName,
    nowIso(),
    fileName,
    sha256,
    bytes,
    pages,
    JSON.stringify(request),
  )
  return readExport(db.one<Stored>(`${EXPORT} WHERE e.id = ?`, id)!)
}

/** See StoreOperations. */
export const listReportExports = (db: Connection): ReportExport[] =>
  db.all<Stored>(`${EXPORT} ORDER BY e.export_key DESC`).map(readExport)

/** See StoreOperations. */
export const forgetReportExport = (db: Connection, id: string): number =>
  db.run('DELETE FROM report_exports WHERE id = ?', id)
