/** Hosts: how they are reached, which key the user trusts, and what the last look at them found. */
import { LabError } from '../core/base/lab-error.ts'
import type { HostProbe, HostRecord, TrustedKey } from '../core/contract/hosts.ts'
import type { Connection } from './connection.ts'
import { nowIso } from './identity.ts'
import type { HostPlace } from './operations.ts'
import { readJson } from './stored-json.ts'

type Stored = Omit<HostRecord, 'trusted' | 'probe'> & {
  readonly trusted: string | null
  readonly probe: string | null
}

const HOST = `
  SELECT name, target, ssh_config AS sshConfig, added_at AS addedAt, trusted, probe, note
  FROM hosts`

const readHost = ({ trusted, probe, ...host }: Stored): HostRecord => ({
  ...host,
  trusted: trusted === null ? null : readJson<TrustedKey>(trusted),
  probe: probe === null ? null : readJson<HostProbe>(probe),
})

/** See StoreOperations. */
export const listHosts = (db: Connection): HostRecord[] =>
  db.all<Stored>(`${HOST} ORDER BY name`).map(readHost)

/** See StoreOperations. */
export function getHost(db: Connection, name: string): HostRecord {
  const found = db.one<Stored>(`${HOST} WHERE name = ?`, name)
  if (found !== undefined) return readHost(found)
  const hint = 'see: flexlab host list; add it: flexlab host add'
  throw new LabError('not-found', `there is no host "${name}" in this library`, hint)
}

/** See StoreOperations. */
export function addHost(db: Connection, { name, target, sshConfig }: HostPlace): HostRecord {
  if (db.one('SELECT 1 FROM hosts WHERE name = ?', name) !== undefined) {
    throw new LabError(
      'conflict',
      `there is a host "${name}" already`,
      'remove it, or take another name',
    )
  }
  const sql = 'INSERT INTO hosts (name, target, ssh_config, added_at) VALUES (?, ?, ?, ?)'
  db.run(sql, name, target, sshConfig, nowIso())
  return getHost(db, name)
}

/** See StoreOperations. */
export const removeHost = (db: Connection, name: string): number =>
  db.run('DELETE FROM hosts WHERE name = ?', name)

/** See StoreOperations. */
export function trustHost(db: Connection, name: string, key: TrustedKey): HostRecord {
  getHost(db, name)
  db.run('UPDATE hosts SET trusted = ? WHERE name = ?', JSON.stringify(key), name)
  return getHost(db, name)
}

/** See StoreOperations. */
export function keepProbe(db: Connection, probe: HostProbe): number {
  return db.run('UPDATE hosts SET probe = ? WHERE name = ?', JSON.stringify(probe), probe.name)
}

/** See StoreOperations. */
export function noteHost(db: Connection, name: string, note: string): number {
  getHost(db, name)
  return db.run('UPDATE hosts SET note = ? WHERE name = ? AND note <> ?', note, name, note)
}
