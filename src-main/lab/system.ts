/** Use cases about this installation. */
import * as os from 'node:os'
import type { Catalogue } from '../core/contract/catalogue.ts'
import type { SystemInfo } from '../core/contract/handlers.ts'
import { catalogue } from '../core/simulate/catalogue.ts'
import type { LabContext } from './context.ts'
import { examine } from './doctor/doctor.ts'
import type { Check } from './doctor/check.ts'
import { trialScenario } from './doctor/trial-scenario.ts'
import { runtimeText } from './environment.ts'

/** Facts, health and what can be chosen from. */
export class SystemCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
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
}
