/** Use cases about this installation. */
import * as os from 'node:os'
import type { Catalogue } from '../core/contract/catalogue.ts'
import type { Activity, RecentLibrary, SystemInfo } from '../core/contract/system.ts'
import { catalogue } from '../core/simulate/catalogue.ts'
import { activityOf } from './activity.ts'
import { backUpNow, backupsOf } from './backups.ts'
import type { Backup } from './backups.ts'
import type { LabContext } from './context.ts'
import { examine } from './doctor/doctor.ts'
import type { Check } from './doctor/check.ts'
import { trialScenario } from './doctor/trial-scenario.ts'
import { runtimeText } from './environment.ts'
import type { HostCases } from './hosts/host-cases.ts'
import { recentLibraries } from './recent-libraries.ts'

/** Facts, health and what can be chosen from. */
export class SystemCases {
  readonly #context: LabContext
  readonly #hosts: HostCases

  constructor(context: LabContext, hosts: HostCases) {
    this.#context = context
    this.#hosts = hosts
  }

  /** About this installation. */
  async info(): Promise<SystemInfo> {
    const { options, store } = this.#context
    const { file, schemaVersion, readOnly, sqliteVersion } = await store.info()
    return {
      appVersion: options.appVersion,
      host: options.host,
      runtime: runtimeText(),
      database: file,
      schemaVersion,
      readOnly,
      sqliteVersion,
      cpuCount: os.cpus().length,
    }
  }

  /** What works on this machine and what does not, each with its fix. */
  doctor(): Promise<Check[]> {
    const { store, pool, userFiles } = this.#context
    return examine(store, pool, trialScenario(), userFiles)
  }

  /** Schemes, apps, hosts, parameters and shipped campaigns. */
  catalogue(): Catalogue {
    return catalogue(this.#context.userFiles.known)
  }

  /** Campaigns that run in this process and schemes that it holds on hosts. */
  activity(): Promise<Activity> {
    return activityOf(this.#context, this.#hosts)
  }

  /** The copies of the library beside it, newest first. */
  backups(): Backup[] {
    return backupsOf(this.#context.options.databaseFile)
  }

  /** Makes a copy now. @throws LabError `bad-input` for a library in memory */
  backUp(): Promise<Backup> {
    const { store, options } = this.#context
    return backUpNow(store, options.databaseFile)
  }

  /** Libraries that were opened on this machine, newest first. */
  libraries(): RecentLibrary[] {
    const folder = this.#context.options.userPlaces?.folder
    return folder === undefined || folder === null ? [] : recentLibraries(folder)
  }
}
