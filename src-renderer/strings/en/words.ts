/** Words that every screen shares. */

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
