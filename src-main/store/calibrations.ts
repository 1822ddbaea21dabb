/** Calibrations: costs of the simulator that were measured on a host, by name. */
import { LabError } from '../core/base/lab-error.ts'
import type { Calibration } from '../core/contract/calibration.ts'
import type { Connection } from './connection.ts'
import { readJson } from './stored-json.ts'

type Stored = { readonly calibration: string }

/** See StoreOperations. */
export const listCalibrations = (db: Connection): Calibration[] =>
  db
    .all<Stored>('SELECT calibration FROM calibrations ORDER BY created_at DESC, name')
    .map(({ calibration }) => readJson<Calibration>(calibration))

/** See StoreOperations. */
export function getCalibration(db: Connection, name: string): Calibration {
  const sql = 'SELECT calibration FROM calibrations WHERE name = ?'
  const found = db.one<Stored>(sql, name)
  if (found !== undefined) return readJson<Calibration>(found.calibration)
  const hint = 'see: flexlab calibration list; make one: flexlab calibrate HOST'
  throw new LabError('not-found', `there is no calibration "${name}" in this library`, hint)
}

/** See StoreOperations. */
export function saveCalibration(db: Connection, calibration: Calibration): number {
  const { name, host, createdAt } = calibration
  return db.run(
    'INSERT OR REPLACE INTO calibrations (name, host, created_at, calibration) VALUES (?, ?, ?, ?)',
    name,
    host,
    createdAt,
    JSON.stringify(calibration),
  )
}

/** See StoreOperations. */
export const removeCalibration = (db: Connection, name: string): number =>
  db.run('DELETE FROM calibrations WHERE name = ?', name)
