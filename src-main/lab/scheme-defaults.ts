/** A scenario's scheme with every parameter, the ones that were left at their defaults as well. */
import type { Scenario } from '../core/contract/scenario.ts'
import { HOST_SCHEMES } from '../core/schemes/host-schemes.ts'
import type { Known } from '../core/simulate/known.ts'

/** Id, parameters and hash of the code; parameters of an unknown scheme as they were given. */
export function schemeDefaults(known: Known, { scheme, measured }: Scenario) {
  const list = measured === undefined ? known.schemes : HOST_SCHEMES
  const info = list.find((one) => one.info.id === scheme.id)?.info
  const defaults = (info?.parameters ?? []).map(({ key, value }) => [key, value] as const)
  return {
    id: scheme.id,
    ...Object.fromEntries(defaults),
    ...scheme.params,
    ...(scheme.code === undefined ? {} : { code: scheme.code.sha256 }),
  }
}
