/** Words that every screen shares. */
import { plural } from '../../state/format.ts'

/** The names of the screens. */
export const screens = {
  library: 'Library',
  campaign: 'Campaign',
  live: 'Live',
  run: 'Run',
  compare: 'Compare',
  timeline: 'Timeline',
  calibration: 'Calibration',
  hosts: 'Hosts',
  reports: 'Reports',
  settings: 'Settings',
  help: 'Help',
} as const

/** Where a figure comes from. */
export const kinds = {
  simulated: 'Simulated',
  measured: 'Measured',
  counterfactual: 'Counterfactual',
} as const

/** What a provenance mark means. */
export const marks = {
  S: 'Read in a source',
  K: 'Known in the field, not re-checked',
  D: 'Derived from other values',
  A: 'Assumption of this project',
} as const

/** What an error without words says. */
export const errors = {
  unknown: 'Something went wrong and gave no reason.',
  hint: 'What to do',
} as const

/** The four verdicts. */
export const verdicts = {
  better: 'better',
  worse: 'worse',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
} as const

/** Things with their number. */
export const counts = {
  runs: (count: number) => plural(count, 'run'),
  apps: (count: number) => plural(count, 'app'),
  schemes: (count: number) => plural(count, 'scheme'),
  mixes: (count: number) => plural(count, 'VM mix', 'VM mixes'),
  overcommits: (count: number) => plural(count, 'overcommit level'),
  values: (count: number, name: string) => plural(count, `value of ${name}`, `values of ${name}`),
  seeds: (count: number) => plural(count, 'seed'),
} as const

/** Where a campaign or a cell stands. */
export const statuses = {
  new: 'new',
  pending: 'pending',
  running: 'running',
  paused: 'paused',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  finished: 'finished',
  failed: 'failed',
  skipped: 'skipped',
} as const
