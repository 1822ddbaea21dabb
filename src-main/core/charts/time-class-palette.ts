/**
 * Colours of the time classes. A group is one hue at one level of lightness, so that the groups stay
 * apart in grey-scale; the classes of a group are steps around that level.
 */
import { TIME_CLASSES } from '../base/time-class.ts'
import type { TimeClass, TimeClassKey, TimeGroup } from '../base/time-class.ts'

/** A group's name and colours. `levels` from its first class to its last; `ink` is legible on them. */
export type TimeGroupStyle = {
  readonly label: string
  readonly levels: readonly [string, string]
  readonly ink: string
  readonly decal: number
}

/** Groups in drawing order: what the user wants first, what is nobody's fault last. */
export const TIME_GROUPS: Readonly<Record<TimeGroup, TimeGroupStyle>> = Object.freeze({
  work: { label: 'Work', levels: ['#11507a', '#3d789f'], ink: '#ffffff', decal: 0 },
  overhead: { label: 'Overhead', levels: ['#b9861b', '#d9b25e'], ink: '#111111', decal: 1 },
  host: { label: 'Host scheduling', levels: ['#a63a0a', '#ea9a6c'], ink: '#111111', decal: 2 },
  lock: { label: 'Locks', levels: ['#7d2f63', '#b8759f'], ink: '#ffffff', decal: 3 },
  wait: { label: 'Waiting in the guest', levels: ['#3f9b84', '#b5ddd2'], ink: '#111111', decal: 4 },
  idle: { label: 'Idle', levels: ['#c9ced3', '#e4e7ea'], ink: '#111111', decal: 0 },
})

/** The groups' keys in drawing order. */
export const TIME_GROUP_KEYS = Object.freeze(Object.keys(TIME_GROUPS)) as readonly TimeGroup[]

/** The classes of a group, in their order. */
export const classesOfGroup = (group: TimeGroup): readonly TimeClass[] =>
  TIME_CLASSES.filter((c) => c.group === group)

const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)

/** A colour between two `#rrggbb` colours; `t` 0 … 1. */
export function mixColors(from: string, to: string, t: number): string {
  const mixed = [1, 3, 5].map((at) =>
    Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * t),
  )
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance of `#rrggbb` (WCAG 2), 0 … 1. */
export function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = channel(color, at) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Black or white, whichever reads better on `color`. */
export const inkOn = (color: string): string => (luminance(color) > 0.2 ? '#111111' : '#ffffff')

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
