/** check-conditions: refuses waits on conditions that nobody ends, as far as can be seen. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import type { BuiltRole } from './check-workload.ts'
import type { BuiltProgram, ConditionOp } from './program-builder.ts'
import type { WorkloadFile } from './workload-file.ts'

/** Conditions whose mutex the file does not have. */
export function unknownMutexes(file: WorkloadFile): readonly Issue[] {
  return file.conditions.flatMap(({ mutex }, i) =>
    file.mutexes.includes(mutex)
      ? []
      : [
          {
            path: `conditions[${i}].mutex`,
            message: `"${mutex}" is not among the mutexes of the file`,
            hint: didYouMean(mutex, file.mutexes),
          },
        ],
  )
}

const counts = (
  programs: readonly BuiltProgram[],
  op: ConditionOp,
  condition: number,
): readonly number[] => programs.map((p) => p.conditionUses[op].get(condition) ?? 0)

const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0)

/** What is wrong with one condition, and what to do about it; null: nothing that can be seen. */
function whatHangs(programs: readonly BuiltProgram[], i: number): readonly [string, string] | null {
  const waits = counts(programs, 'wait', i)
  const signals = sum(counts(programs, 'signal', i))
  const broadcasts = sum(counts(programs, 'broadcast', i))
  if (signals !== 0 && broadcasts !== 0)
    return ['is both signalled and broadcast', 'use two conditions']
  // comparisons with NaN, which stands for a count that depends on other threads, are false
  if (broadcasts !== 0 && Math.max(...waits) > broadcasts)
    return [
      `is waited for ${Math.max(...waits)} times by a thread and broadcast ${broadcasts} times`,
      'a wait ends with the next broadcast that the thread has not seen',
    ]
  if (broadcasts === 0 && sum(waits) > signals)
    return [
      `is waited for ${sum(waits)} times and signalled ${signals} times`,
      'each wait takes one signal',
    ]
  return null
}

/** Conditions that threads wait for more often than others end their waits. */
export function unansweredWaits(file: WorkloadFile, roles: readonly BuiltRole[]): readonly Issue[] {
  const programs = roles.flatMap((role) => role.programs)
  return file.conditions.flatMap(({ name }, i) => {
    const found = whatHangs(programs, i)
    if (found === null) return []
    const [message, hint] = found
    return [{ path: `conditions[${i}]`, message: `"${name}" ${message}`, hint }]
  })
}
