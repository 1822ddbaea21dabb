/**
 * The store: the library of campaigns and runs in one SQLite file, behind a worker thread so that
 * no fsync ever holds up a screen. Each promise settles after the commit.
 */
import { listBackups, manualBackup, type Backup, type BackupReason } from './backups.ts'
import { defaultMigrationsFolder, defaultWorkerUrl } from './locations.ts'
import { OPERATION_KINDS, type OperationName, type StoreOperations } from './operations.ts'
import type { OpenReport } from './protocol.ts'
import type { Recovery } from './recover.ts'
import { WorkerClient } from './worker-client.ts'

export type * from './operations.ts'
export { listBackups, manualBackup }
export type { Backup, BackupReason, OpenReport, Recovery }

/** How to open a library. `commit`: of the app, kept with every run. */
export type StoreOptions = {
  /** Path of the SQLite file, made when it does not exist; `:memory:` for one that is not kept. */
  readonly file: string
  readonly appVersion: string
  readonly commit: string | null
  /** Folder of the migrations; found beside the source, in the project or in the package. */
  readonly migrationsFolder?: string
  /** The worker's module; the source's or the bundle's. */
  readonly workerUrl?: URL
  /** Refuses to grow beyond this many pages of 4 KiB; for tests of a full disk. */
  readonly pagesMax?: number
}

type AsyncOperations = {
  readonly [Name in OperationName]: (
    ...args: Parameters<StoreOperations[Name]>
  ) => Promise<ReturnType<StoreOperations[Name]>>
}

/** An open library: the operations as promises that reject with LabError. */
export type Store = AsyncOperations & {
  /** What happened when it was opened. */
  readonly opened: OpenReport
  /** Copies the library into a file, whole or not at all. */
  readonly backup: (file: string) => Promise<void>
  /** Answers what was asked before, then closes; every later call is refused. */
  readonly close: () => Promise<void>
}

/**
 * Opens a library. A damaged one is renamed aside and LabError `store` says where it is and which
 * backup `recoverStore` would restore; one from a newer app opens read-only (`opened.readOnly`).
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { workerUrl = defaultWorkerUrl(), ...rest } = options
  const migrationsFolder = options.migrationsFolder ?? defaultMigrationsFolder()
  const task = { kind: 'open', options: { ...rest, migrationsFolder } } as const
  const client = new WorkerClient(workerUrl, task)
  const opened = (await client.started) as OpenReport
  let closing: Promise<void> | undefined
  return {
    ...asyncOperations(client),
    opened,
    backup: async (file) => {
      await client.call('backup', [file])
    },
    close: () => (closing ??= close(client)),
  }
}

/**
 * Restores a library from its latest sound backup, or from the one named; a file that is in its
 * place is renamed aside. LabError `not-found` without a backup.
 */
export async function recoverStore(options: {
  readonly file: string
  readonly from?: string
  readonly workerUrl?: URL
}): Promise<Recovery> {
  const { file, from, workerUrl = defaultWorkerUrl() } = options
  const client = new WorkerClient(workerUrl, { kind: 'recover', file, from })
  return (await client.started) as Recovery
}

async function close(client: WorkerClient): Promise<void> {
  await client.call('close', [])
  await client.stop()
}

function asyncOperations(client: WorkerClient): AsyncOperations {
  const names = Object.keys(OPERATION_KINDS) as OperationName[]
  const call = (name: OperationName) => [
    name,
    (...args: readonly unknown[]) => client.call(name, args),
  ]
  return Object.fromEntries(names.map(call)) as AsyncOperations
}
