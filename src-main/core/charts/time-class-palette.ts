/**
 * Colours of the time classes. A group is one hue at one level of lightness, so that groups stay
 * apart in grey-scale (neighbours differ in pattern too); its classes are steps around that level.
 */
import { TIME_CLASSES } from '../base/time-class.ts'
import { mixColors } from './color-mix.ts'
import type { TimeClassKey, TimeGroup } from '../base/time-class.ts'

/** A group's name and colours; `levels` from its first class to its last. */
export type TimeGroupStyle = {
  readonly label: string
  readonly levels: readonly [string, string]
  readonly decal: number
}

/** Groups in drawing order: what the user wants first, what is nobody's fault last. */
export const TIME_GROUPS: Readonly<Record<TimeGroup, TimeGroupStyle>> = Object.freeze({
  work: { label: 'Work', levels: ['#2069a0', '#6b9dc4'], decal: 0 },
  overhead: { label: 'Overhead', levels: ['#b9861b', '#d9b25e'], decal: 1 },
  host: { label: 'Host scheduling', levels: ['#b0430f', '#f0a67b'], decal: 0 },
  lock: { label: 'Locks', levels: ['#a0468a', '#d3a0c4'], decal: 2 },
  wait: { label: 'Waiting in the guest', levels: ['#3f9b84', '#9ccfc1'], decal: 0 },
  idle: { label: 'Idle', levels: ['#d5d9dd', '#e6e9eb'], decal: 0 },
})

/** The groups' keys in drawing order. */
export const TIME_GROUP_KEYS = Object.freeze(Object.keys(TIME_GROUPS)) as readonly TimeGroup[]

/** A time class with its key known to the compiler. */
type KnownClass = (typeof TIME_CLASSES)[number]

/** The classes of a group, in their order. */
export const classesOfGroup = (group: TimeGroup): readonly KnownClass[] =>
  TIME_CLASSES.filter((c) => c.group === group)

const CLASS_COLORS: ReadonlyMap<TimeClassKey, string> = new Map(
  TIME_GROUP_KEYS.flatMap((group) => {
    const [from, to] = TIME_GROUPS[group].levels
    const classes = classesOfGroup(group)
    const steps = Math.max(1, classes.length - 1)
    return classes.map((c, i) => [c.key, mixColors(from, to, i / steps)] as const)
  }),
)

/** Colour of a time class. */
export const timeClassColor = (key: TimeClassKey): string => CLASS_COLORS.get(key) ?? '#999999'
