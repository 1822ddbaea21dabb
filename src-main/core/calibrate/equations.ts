/**
 * Equations: what each mode of the micro-benchmark measures, in the simulator's own costs. Each
 * follows one round through the model (`core/model`: sync, guest, vcpu), written down where it
 * stands; a test runs the simulator and finds the same sums. `docs/calibration.md` explains them.
 */

/** A cost by table and key; parameters of an app's model are costs as well. */
export type CostRef = `host.${string}` | `guest.${string}` | `app:${string}.${string}`

/** Figure = Σ times × cost. `solves`: the costs that it gives; none: it checks the others. */
export type Equation = {
  /** The measured figure, see `probes.ts`. */
  readonly figure: string
  readonly terms: Readonly<Record<CostRef, number>>
  readonly solves: readonly CostRef[]
  /** Costs of the same path that no mode shows: they are taken to grow as the solved ones do. */
  readonly alongside: readonly CostRef[]
  readonly why: string
}

const equation = (
  figure: string,
  terms: Readonly<Record<CostRef, number>>,
  solves: readonly CostRef[],
  why: string,
  alongside: readonly CostRef[] = [],
): Equation => Object.freeze({ figure, terms, solves, alongside, why })

/** In the order in which they are solved: each has only unknowns that it solves itself. */
export const EQUATIONS: readonly Equation[] = [
  equation(
    'call',
    { 'guest.syscallNs': 1 },
    ['guest.syscallNs'],
    'membarrier while nobody else runs: a system call that does next to nothing',
  ),
  equation(
    'pipe',
    { 'guest.syscallNs': 2, 'app:micro-ring.pipeNs': 1 },
    ['app:micro-ring.pipeNs'],
    'a byte written and read back by one thread: two system calls and the pipe’s own work',
  ),
  equation(
    'switch',
    { 'guest.wakeCallNs': 1, 'guest.contextSwitchNs': 1 },
    ['guest.wakeCallNs', 'guest.contextSwitchNs'],
    'a message between two threads of one vCPU beyond its two system calls: the writer wakes the ' +
      'reader, and the guest switches to it',
  ),
  equation(
    'handover',
    { 'host.wakeNs': 1, 'host.vmExitNs': 1, 'guest.syscallNs': 1 },
    ['host.wakeNs', 'host.vmExitNs'],
    'a futex hand-over to a halted vCPU on a pCPU of its own: the kick, its entry, and the ' +
      'return from the call in which it slept; what the waker pays runs beside it',
    ['host.hltNs'],
  ),
  equation(
    'ipi',
    { 'host.ipiNs': 1 },
    ['host.ipiNs'],
    'membarrier with one other thread that runs, beyond the call itself: one IPI, waited for',
  ),
  equation(
    'shootdown',
    { 'host.ipiNs': 1, 'guest.tlbFlushNs': 1 },
    ['guest.tlbFlushNs'],
    'MADV_DONTNEED of a page with one other thread that runs, beyond the same alone: the IPI and ' +
      'the flush',
  ),
  equation(
    'line',
    { 'guest.lockTransferNs': 1 },
    ['guest.lockTransferNs'],
    'a round of a spinning barrier without work, two vCPUs that run: one hand-over of the flag',
  ),
  equation(
    'host-switch',
    { 'host.contextSwitchNs': 1 },
    ['host.contextSwitchNs'],
    'a message between two threads on one pCPU of the host, beyond its system calls: a wake-up ' +
      'and a switch of threads; the simulator’s switch of vCPU threads is no more than that',
  ),
  equation(
    'refill-near',
    { 'host.refillLlcNsPerKib': 1 },
    ['host.refillLlcNsPerKib'],
    'slope of the refill curve after another thread walked over twice the L2',
  ),
  equation(
    'refill-far',
    { 'host.refillMemoryNsPerKib': 1 },
    ['host.refillMemoryNsPerKib'],
    'slope of the refill curve after another thread walked over twice the last-level cache',
  ),
  equation(
    'tlb-page',
    { 'app:micro-tlb.faultNs': 1, 'app:micro-tlb.unmapPageNs': 1 },
    ['app:micro-tlb.faultNs', 'app:micro-tlb.unmapPageNs'],
    'a page more in the map-touch-unmap loop of one thread alone, of 1 and 16 pages',
  ),
  equation(
    'tlb-1',
    {
      'app:micro-tlb.mmapNs': 2,
      'app:micro-tlb.faultNs': 1,
      'app:micro-tlb.unmapPageNs': 1,
    },
    ['app:micro-tlb.mmapNs'],
    'the loop with one page: mmap and munmap, which the model takes as equal',
  ),
  equation(
    'wake',
    { 'host.wakeNs': 1, 'host.vmExitNs': 1, 'guest.syscallNs': 1 },
    [],
    'as the hand-over, through a pipe',
  ),
  equation(
    'stacked',
    {
      'host.wakeNs': 1,
      'host.vmExitNs': 1,
      'host.contextSwitchNs': 1,
      'guest.syscallNs': 1,
    },
    [],
    'the hand-over with both vCPUs on one pCPU: a switch of vCPU threads more',
  ),
]

/** Figures that are made of others, and how. */
export const DERIVED: Readonly<Record<string, readonly string[]>> = {
  'tlb-page': ['tlb-1', 'tlb-16'],
}

/** The figures, with those that are made of others. */
function withDerived(figures: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const one = figures.get('tlb-1')
  const sixteen = figures.get('tlb-16')
  if (one === undefined || sixteen === undefined) return figures
  return new Map([...figures, ['tlb-page', (sixteen - one) / 15]])
}

/** Costs by their refs. */
export type Costs = Readonly<Record<CostRef, number>>

/** What the equations give. */
export type Solution = {
  /** Costs that were solved, or scaled alongside. */
  readonly costs: Record<CostRef, number>
  /** Equations whose known part already exceeds the figure: what they solve is 0. */
  readonly exceeded: readonly { readonly figure: string; readonly byNs: number }[]
}

/** Σ times × cost of an equation's terms over `refs`. */
export function sumOf(
  { terms }: Equation,
  costs: Costs,
  wants: (ref: CostRef) => boolean = () => true,
): number {
  let sum = 0
  for (const [ref, times] of Object.entries(terms) as [CostRef, number][])
    if (wants(ref)) sum += times * costs[ref]!
  return sum
}

/**
 * Solves for the figures that are there, on top of the defaults. Where an equation has several
 * unknowns only their sum is known: it is shared as their defaults are.
 */
export function solve(measured: ReadonlyMap<string, number>, defaults: Costs): Solution {
  const figures = withDerived(measured)
  const costs: Record<CostRef, number> = { ...defaults }
  const solved: Record<CostRef, number> = {}
  const exceeded: { figure: string; byNs: number }[] = []
  for (const each of EQUATIONS) {
    const figure = figures.get(each.figure)
    if (figure === undefined || each.solves.length === 0) continue
    const isUnknown = (ref: CostRef): boolean => each.solves.includes(ref)
    const rest = figure - sumOf(each, costs, (ref) => !isUnknown(ref))
    if (rest < 0) exceeded.push({ figure: each.figure, byNs: -rest })
    const factor = Math.max(0, rest) / sumOf(each, defaults, isUnknown)
    for (const ref of [...each.solves, ...each.alongside])
      solved[ref] = costs[ref] = defaults[ref]! * factor
  }
  return { costs: solved, exceeded }
}
