/** templates: the campaign files that ship with the app; a new one is a file and a line here. */
import { parse } from 'yaml'
import type { Template } from '../../contract/catalogue.ts'
import { ALL_SCHEMES } from './all-schemes.ts'
import { ALTERNATING_LOAD } from './alternating-load.ts'
import { BALLOONING_LIMITS } from './ballooning-limits.ts'
import { BED } from './bed.ts'
import { DEMO } from './demo.ts'
import { FLEXCORE_2015 } from './flexcore-2015.ts'
import { INTERACTIVE_LATENCY } from './interactive-latency.ts'
import { LOCK_HOLDER_PREEMPTION } from './lock-holder-preemption.ts'
import { LOCK_KINDS } from './lock-kinds.ts'
import { NOISY_NEIGHBOUR } from './noisy-neighbour.ts'
import { OVERCOMMIT_SWEEP } from './overcommit-sweep.ts'
import { TWO_SCHEMES } from './two-schemes.ts'

function template(id: string, raw: string): Template {
  const text = raw.trimStart()
  const { name, description } = parse(text) as { name: string; description: string }
  return Object.freeze({ id, title: name, description, text })
}

/** All shipped campaigns, the best first. */
export const TEMPLATES: readonly Template[] = [
  template('demo', DEMO),
  template('two-schemes', TWO_SCHEMES),
  template('flexcore-2015', FLEXCORE_2015),
  template('all-schemes', ALL_SCHEMES),
  template('lock-holder-preemption', LOCK_HOLDER_PREEMPTION),
  template('lock-kinds', LOCK_KINDS),
  template('overcommit-sweep', OVERCOMMIT_SWEEP),
  template('ballooning-limits', BALLOONING_LIMITS),
  template('alternating-load', ALTERNATING_LOAD),
  template('interactive-latency', INTERACTIVE_LATENCY),
  template('noisy-neighbour', NOISY_NEIGHBOUR),
  template('bed', BED),
]
