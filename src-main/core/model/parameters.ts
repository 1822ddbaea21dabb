/**
 * Costs and constants of host and guest: every default with unit and provenance (simulator.md §2).
 * Users override them by key in a scenario (`host.costs`, `guest`).
 */
import { quantity } from '../base/quantity.ts'
import type { Quantity } from '../base/quantity.ts'

const CFS = 'Linux 4.13 kernel/sched/fair.c, sysctl_sched_*'

/** Host costs and scheduler constants. CFS times are for one CPU; the model scales them. */
export const HOST_COSTS = {
  cfsLatencyNs: quantity(6e6, 'ns', 'S', `${CFS}_latency, × (1 + ilog2(min(nCpu, 8)))`),
  cfsMinGranularityNs: quantity(0.75e6, 'ns', 'S', `${CFS}_min_granularity, scaled likewise`),
  cfsWakeupGranularityNs: quantity(1e6, 'ns', 'S', `${CFS}_wakeup_granularity, scaled likewise`),
  tickNs: quantity(4e6, 'ns', 'K', 'CONFIG_HZ=250, HRTICK off'),
  tickCostNs: quantity(1000, 'ns', 'K', 'host scheduler tick with VM exit and entry'),
  tickSkew: quantity(0, '0/1', 'S', 'kernel/time/tick-sched.c: skew_tick=0, ticks are aligned'),
  migrationCostNs: quantity(0.5e6, 'ns', 'S', `${CFS}_migration_cost`),
  balanceIntervalNs: quantity(12e6, 'ns', 'S', 'sd_weight … 2 × sd_weight ms'),
  balanceBusyFactor: quantity(32, '×', 'S', 'sched_domain.busy_factor (4.13)'),
  imbalanceSmtPct: quantity(110, '%', 'S', 'sched_domain.imbalance_pct, SD_SHARE_CPUCAPACITY'),
  imbalanceLlcPct: quantity(117, '%', 'S', 'sched_domain.imbalance_pct, SD_SHARE_PKG_RESOURCES'),
  imbalanceNumaPct: quantity(125, '%', 'S', 'sched_domain.imbalance_pct'),
  vmExitNs: quantity(1200, 'ns', 'K', 'VM exit and entry, 2014 hardware; 700 ns now'),
  hltNs: quantity(3000, 'ns', 'K', 'HLT exit, blocking the vCPU thread'),
  wakeNs: quantity(5000, 'ns', 'K', 'kick to enqueued vCPU thread (HLT block + wake 5–10 µs)'),
  ipiNs: quantity(2300, 'ns', 'S', 'virtual IPI 2.2–2.5 µs (kernel commit 4180bf1b655a)'),
  contextSwitchNs: quantity(2000, 'ns', 'K', 'vCPU thread switch on a pCPU, 1–3 µs'),
  pleWindowCycles: quantity(4096, 'cycles', 'S', 'arch/x86/kvm/vmx.c ple_window'),
  pleWindowGrow: quantity(2, '×', 'S', 'arch/x86/kvm/vmx.c ple_window_grow'),
  haltPollMaxNs: quantity(200e3, 'ns', 'S', 'kvm.halt_poll_ns (x86)'),
  haltPollStartNs: quantity(10e3, 'ns', 'S', 'kvm.halt_poll_ns_grow_start'),
  haltPollGrow: quantity(2, '×', 'S', 'kvm.halt_poll_ns_grow'),
  clockGhz: quantity(2.67, 'GHz', 'D', 'clock of the reference grain (simulator.md §3)'),
  llcKib: quantity(15360, 'KiB', 'K', '15 MiB shared LLC of a 6-core Xeon of 2013–14'),
  l2Kib: quantity(256, 'KiB', 'K', 'private L2'),
  smtThroughput: quantity(1.25, '×', 'K', 'all threads of a core busy : one; 1.1–1.4 in practice'),
  refillLlcNsPerKib: quantity(80, 'ns/KiB', 'D', '16 lines × 5 ns: LLC hit with overlap'),
  refillMemoryNsPerKib: quantity(320, 'ns/KiB', 'D', '16 lines × 20 ns: 80 ns at overlap of 4'),
  refillRemoteFactor: quantity(1.6, '×', 'K', 'remote : local memory latency'),
  refillHalfNs: quantity(100e3, 'ns', 'D', "others' run time that evicts half an L2 (1.3 GB/s)"),
} as const satisfies Record<string, Quantity>

/** Guest kernel and pthread costs. */
export const GUEST_COSTS = {
  cfsLatencyNs: quantity(6e6, 'ns', 'S', `${CFS}_latency, scaled by the guest's vCPUs at boot`),
  cfsMinGranularityNs: quantity(0.75e6, 'ns', 'S', `${CFS}_min_granularity, scaled likewise`),
  cfsWakeupGranularityNs: quantity(1e6, 'ns', 'S', `${CFS}_wakeup_granularity, scaled likewise`),
  tickNs: quantity(4e6, 'ns', 'K', 'CONFIG_HZ=250'),
  tickCostNs: quantity(
    2500,
    'ns',
    'K',
    'guest tick: timer interrupt, two exits (TSC deadline, EOI)',
  ),
  balanceIntervalNs: quantity(12e6, 'ns', 'S', 'guest load balance interval'),
  contextSwitchNs: quantity(1500, 'ns', 'K', 'thread switch inside the guest, no exit'),
  syscallNs: quantity(300, 'ns', 'K', 'futex system call'),
  wakeCallNs: quantity(1000, 'ns', 'K', 'try_to_wake_up on the waker, without the IPI'),
  lockTransferNs: quantity(120, 'ns', 'K', 'cache line of a contended lock or flag between cores'),
  lockLineNs: quantity(
    40,
    'ns',
    'K',
    "a waiter's read of a lock word that all poll; one after another, the next owner in the middle",
  ),
  tasBackoffMinNs: quantity(
    192,
    'ns',
    'S',
    'concurrencykit ck_backoff.h: 512 iterations, at a cycle each',
  ),
  tasBackoffMaxNs: quantity(12e3, 'ns', 'A', 'cap of the doubling delay: 2^6 × the first'),
  pvSpinIterations: quantity(32768, 'count', 'S', 'SPIN_THRESHOLD, arch/x86 asm/spinlock.h'),
  pvCheckIterations: quantity(256, 'count', 'S', 'PV_PREV_CHECK_MASK, qspinlock_paravirt.h'),
  spinLoopNs: quantity(8, 'ns', 'K', 'load, compare and PAUSE (10 cycles; 140 since Skylake)'),
  tlbFlushNs: quantity(500, 'ns', 'K', 'flush handler on the target'),
} as const satisfies Record<string, Quantity>

/** Key of a host cost. */
export type HostCostKey = keyof typeof HOST_COSTS
/** Key of a guest cost. */
export type GuestCostKey = keyof typeof GUEST_COSTS
/** Host costs as numbers. */
export type HostCosts = Readonly<Record<HostCostKey, number>>
/** Guest costs as numbers. */
export type GuestCosts = Readonly<Record<GuestCostKey, number>>

/**
 * The numbers of a parameter table, with overrides. Times are whole ns: a debt with a fraction
 * would never be paid off.
 */
export function resolveCosts<K extends string>(
  defaults: Readonly<Record<K, Quantity>>,
  overrides: Readonly<Record<string, number>>,
): Readonly<Record<K, number>> {
  // a copy of the literal keeps V8's fast shape, which the event loop depends on
  const costs: Record<string, unknown> = { ...defaults }
  for (const [key, q] of Object.entries<Quantity>(defaults)) {
    const value = overrides[key] ?? q.value
    costs[key] = q.unit === 'ns' ? Math.round(value) : value
  }
  return Object.freeze(costs) as Readonly<Record<K, number>>
}
