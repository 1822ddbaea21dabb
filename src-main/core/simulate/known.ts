/**
 * known: which schemes and workloads a name may mean: what ships with the app, and what the user
 * has added. A value that is handed down, so that nothing of a user's is left behind in a global.
 */
import type { CalibratedHost } from '../contract/calibration.ts'
import type { SchemeInfo } from '../contract/catalogue.ts'
import type { Campaign } from '../contract/campaign.ts'
import type { Scenario, ScenarioVm, SchemeCode, SchemeRef } from '../contract/scenario.ts'
import { SCHEMES } from '../schemes/registry.ts'
import { WORKLOADS } from '../workloads/index.ts'
import type { WorkloadFile } from '../workloads/index.ts'

/** A scheme that can be named; `code` where it is a user's. */
export type KnownScheme = { readonly info: SchemeInfo; readonly code?: SchemeCode }

/** What can be named, in the order in which it is shown. */
export type Known = {
  readonly schemes: readonly KnownScheme[]
  readonly workloads: readonly WorkloadFile[]
  /** Workloads of the user's: they become definitions in each scenario that names them. */
  readonly ownWorkloads: readonly WorkloadFile[]
  /** Calibrations of the library, for presets `calibrated:NAME`. */
  readonly calibrated: ReadonlyMap<string, CalibratedHost>
}

/** What ships with the app. */
export const SHIPPED: Known = Object.freeze({
  schemes: SCHEMES.map(({ info }) => ({ info })),
  workloads: WORKLOADS,
  ownWorkloads: [],
  calibrated: new Map(),
})

/** Ids of all workloads that can be named. */
export const appIds = ({ workloads, ownWorkloads }: Known): readonly string[] =>
  [...workloads, ...ownWorkloads].map(({ id }) => id)

/** The reference with the code that its id stands for now, unless it brings code. */
function withCode(ref: SchemeRef, { schemes }: Known): SchemeRef {
  const code = schemes.find(({ info }) => info.id === ref.id)?.code
  return ref.code !== undefined || code === undefined ? ref : { ...ref, code }
}

function withDefinition(vm: ScenarioVm, { ownWorkloads }: Known): ScenarioVm {
  const { workload } = vm
  const definition = ownWorkloads.find(({ id }) => id === workload.app)
  if (workload.definition !== undefined || definition === undefined) return vm
  return { ...vm, workload: { ...workload, definition: { ...definition } } }
}

/** The scenario with all that the user's files give to it: it means the same without them. */
export const selfContained = (scenario: Scenario, known: Known): Scenario => ({
  ...scenario,
  scheme: withCode(scenario.scheme, known),
  vms: scenario.vms.map((vm) => withDefinition(vm, known)),
})

/** The campaign with the code of each scheme of the user's; its label stays the same. */
export function withSchemeCode(campaign: Campaign, known: Known): Campaign {
  const scheme = campaign.axes.scheme.map((choice) => {
    const ref = typeof choice === 'string' ? { id: choice, params: {} } : choice
    const full = withCode(ref, known)
    return full === ref ? choice : full
  })
  return { ...campaign, axes: { ...campaign.axes, scheme } }
}
