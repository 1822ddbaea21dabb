/** What was promised of the simulator's speed (simulator.md §7), and whether it is so. */
import type { EngineFigures } from './engine-rate.ts'
import type { LibraryFigures } from './library/library-speed.ts'
import type { ModelRate } from './model-rate.ts'
import type { SimsoFigures } from './simso.ts'

/** Something promised: `value` is to be at least (or at most) `target`. */
export type Target = {
  readonly name: string
  readonly value: number
  readonly bound: 'at least' | 'at most'
  readonly target: number
  readonly met: boolean
  /** Of value and target; a rate or a ratio without. */
  readonly unit?: 'ms'
}

/** Events a CPU second that any situation at 12 pCPUs and 24 vCPUs is to reach. */
const EVENT_RATE_MIN = 4e6
/** CPU time an event at 256 pCPUs and 1,024 vCPUs is to cost at most, as a multiple of 12/24's. */
const GROWTH_MAX = 2
/** How many times as fast as SimSo ours is to be. */
const SIMSO_RATIO_MIN = 100

/** What the library may take to answer anything, ms. */
const ANSWER_MS_MAX = 150

/** What the engine promises of the yardsticks that were here. */
export const engineTargets = ({ yardsticks }: EngineFigures): Target[] =>
  yardsticks.flatMap(({ name, ratio, target }) =>
    target === null ? [] : judge(`engine : ${name}`, ratio, 'at least', target),
  )

/** What the model promises of the situations that were measured. */
export function modelTargets(model: readonly ModelRate[]): Target[] {
  const small = model.filter(({ size }) => size === 'small')
  const large = model.filter(({ size }) => size === 'large')
  const growth = large.flatMap((one) => {
    const base = small.find((other) => isAlike(one, other))
    if (base === undefined) return []
    const cost = base.eventRate.median / one.eventRate.median
    return judge(`cost of an event on the large host, ${one.workload}`, cost, 'at most', GROWTH_MAX)
  })
  const rates = small.map(({ workload, scheme, eventRate }) =>
    judge(`events/s, ${workload}, ${scheme}`, eventRate.median, 'at least', EVENT_RATE_MIN),
  )
  return [...rates, ...growth]
}

const isAlike = (a: ModelRate, b: ModelRate): boolean =>
  a.workload === b.workload && a.scheme === b.scheme

/** What is promised beside SimSo, where it was here. */
export const simsoTargets = (simso: SimsoFigures): Target[] =>
  'missing' in simso
    ? []
    : simso.cases.map(({ rule, cpus, tasks, ratio }) => {
        const name = `EDF : SimSo, ${rule}, ${tasks} tasks on ${cpus}`
        return judge(name, ratio, 'at least', SIMSO_RATIO_MIN)
      })

/** What is promised of the library: the median of each question. */
export const libraryTargets = ({ questions }: LibraryFigures): Target[] =>
  questions.map(({ kind, name, firstMs }) => ({
    ...judge(`library : ${kind}, ${name}`, firstMs.median, 'at most', ANSWER_MS_MAX),
    unit: 'ms',
  }))

const judge = (name: string, value: number, bound: Target['bound'], target: number): Target => ({
  ...{ name, value, bound, target },
  met: bound === 'at least' ? value >= target : value <= target,
})
