/** What every use case works with. */
import type { SystemInfo } from '../core/contract/system.ts'
import type { Machine, Store } from '../store/index.ts'
import type { WorkerPool } from './runner/pool.ts'
import type { HostLinks } from './hosts/host-links.ts'
import type { Runner } from './runner/runner.ts'
import type { UserFiles } from './user-files/load-user-files.ts'
import type { UserPlaces } from './user-files/user-files.ts'

/** How a lab is opened. */
export type LabOptions = {
  /** The library's file; `:memory:` for one that is not kept. */
  readonly databaseFile: string
  readonly host: SystemInfo['host']
  readonly appVersion: string
  /** Simulation workers; the number of CPUs unless given. */
  readonly workers?: number
  /** Where the user's schemes and workloads are; nowhere unless given. */
  readonly userPlaces?: UserPlaces
  /** Where keys of trusted hosts are kept; beside the library unless given. */
  readonly hostsFolder?: string
  /** Another worker than the simulator's, for tests of the runner. */
  readonly workerEntry?: URL
}

/** An open lab's parts. */
export type LabContext = {
  readonly options: LabOptions
  readonly store: Store
  readonly pool: WorkerPool
  readonly runner: Runner
  readonly machine: Machine
  readonly userFiles: UserFiles
  readonly links: HostLinks
}
