/** The rows of the validation, in the order of simulator.md §6. */
import { ballooning } from './ballooning.ts'
import { bed } from './bed.ts'
import { coScheduling } from './co-scheduling.ts'
import { lockHolder } from './lock-holder.ts'
import { preemptedCheck } from './preempted-check.ts'
import type { Row } from './row.ts'
import { slices } from './slices.ts'
import { stacking } from './stacking.ts'
import { theory } from './theory.ts'
import { vmWeights } from './vm-weights.ts'
import { wastedYields } from './yields.ts'

/** All rows. */
export const ROWS: readonly Row[] = [
  ...[theory, lockHolder, preemptedCheck, stacking, coScheduling, slices, wastedYields],
  ...[ballooning, vmWeights, bed],
]
