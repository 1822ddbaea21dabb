/**
 * Colours of a timeline's states. A VM has one colour wherever it runs; waiting for a pCPU is the
 * colour of the host's harm; a thread's state is its time class.
 */
import { TIME_CLASS_KEYS } from '../base/time-class.ts'
import type { ChartTheme } from './chart-theme.ts'
import { mixColors } from './color-mix.ts'
import { timeClassColor } from './time-class-palette.ts'

// Hues that no time class has, so that a VM is never taken for what its threads do.
const VM_COLORS = [
  '#7c6fd0',
  '#2ea3b5',
  '#8c9a33',
  '#9a7561',
  '#71829a',
  '#b3a5ea',
  '#83cfda',
  '#bfc66c',
] as const

const PREEMPTED = '#d2521a'
const HELD = '#eda07c'

/** Colour of a VM by its number. */
export const vmColor = (vm: number): string => VM_COLORS[vm % VM_COLORS.length]!

const quiet = (theme: ChartTheme, share: number): string =>
  mixColors(theme.surface, theme.faint, share)

/** Colours of a pCPU's states: idle, then each VM. */
export const pcpuColors = (theme: ChartTheme, vms: number): readonly string[] => [
  quiet(theme, 0.14),
  ...Array.from({ length: vms }, (_, vm) => vmColor(vm)),
]

/** Colours of a vCPU's states, as VCPU_STATES: offline, halted, preempted, running, held. */
export const vcpuColors = (theme: ChartTheme, vm: number): readonly string[] => [
  quiet(theme, 0.05),
  quiet(theme, 0.2),
  PREEMPTED,
  vmColor(vm),
  HELD,
]

/** Colours of a thread's states, as THREAD_STATES: the time classes, then the barrier wait. */
export const threadColors = (theme: ChartTheme): readonly string[] => [
  ...TIME_CLASS_KEYS.map((key) =>
    key === 'idle' || key === 'io' ? quiet(theme, 0.14) : timeClassColor(key),
  ),
  timeClassColor('barrier'),
]
