/**
 * Thread time by class, made ready to draw: classes that matter on their own, the small ones of a
 * group together, nothing lost. Sums stay exactly what they were.
 */
import { TIME_CLASSES } from '../base/time-class.ts'
import type { TimeByClassNs, TimeClassKey, TimeGroup } from '../base/time-class.ts'
import { finiteOrNull } from './chart-text.ts'
import {
  TIME_GROUP_KEYS,
  TIME_GROUPS,
  classesOfGroup,
  timeClassColor,
} from './time-class-palette.ts'
import { mixColors } from './color-mix.ts'

/** One part of a stacked bar: a class, or the small classes of a group. */
export type TimePart = {
  readonly key: string
  readonly label: string
  readonly group: TimeGroup
  readonly color: string
  readonly classKeys: readonly TimeClassKey[]
}

/** Sum over all classes, ns; 0 where nothing is known. */
export const totalNs = (byClass: TimeByClassNs): number =>
  TIME_CLASSES.reduce((sum, c) => sum + (finiteOrNull(byClass[c.key]) ?? 0), 0)

/** Sum over the classes of a part, ns. */
export const partNs = (part: TimePart, byClass: TimeByClassNs): number =>
  part.classKeys.reduce((sum, k) => sum + (finiteOrNull(byClass[k]) ?? 0), 0)

/** Sum over the classes of a group, ns. */
export const groupNs = (group: TimeGroup, byClass: TimeByClassNs): number =>
  classesOfGroup(group).reduce((sum, c) => sum + (finiteOrNull(byClass[c.key]) ?? 0), 0)

/** Highest share of a class in any of the bars, 0 … 1. */
function topShare(key: TimeClassKey, bars: readonly TimeByClassNs[]): number {
  const shares = bars.map((b) => {
    const total = totalNs(b)
    return total > 0 ? (finiteOrNull(b[key]) ?? 0) / total : 0
  })
  return Math.max(0, ...shares)
}

function partsOfGroup(
  group: TimeGroup,
  bars: readonly TimeByClassNs[],
  shareMin: number,
): readonly TimePart[] {
  const present = classesOfGroup(group).flatMap((c) => {
    const share = topShare(c.key, bars)
    return share > 0 ? [{ ...c, share }] : []
  })
  const small = present.filter((c) => c.share < shareMin)
  const own = small.length > 1 ? present.filter((c) => c.share >= shareMin) : present
  const parts = own.map((c): TimePart => {
    const color = timeClassColor(c.key)
    return { key: c.key, label: c.label, group, color, classKeys: [c.key] }
  })
  if (own.length === present.length) return parts
  const rest: TimePart = {
    key: `${group}-rest`,
    label: `${TIME_GROUPS[group].label}: rest`,
    group,
    color: mixColors(TIME_GROUPS[group].levels[1], '#ffffff', 0.35),
    classKeys: small.map((c) => c.key),
  }
  return [...parts, rest]
}

/**
 * The parts to draw for these bars, in group order. Classes below `shareMin` in every bar share one
 * part per group; classes that never occur are left out.
 */
export const timeParts = (bars: readonly TimeByClassNs[], shareMin = 0.01): readonly TimePart[] =>
  TIME_GROUP_KEYS.flatMap((g) => partsOfGroup(g, bars, shareMin))
