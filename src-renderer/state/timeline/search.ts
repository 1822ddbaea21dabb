/** What a search in a timeline means: words that name tracks, and words that name what happens. */
import { POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import { TIME_CLASSES } from '../../../src-main/core/base/time-class.ts'
import type { TraceSearch } from '../../../src-main/core/contract/trace.ts'
import { THREAD_STATES, trackName, VCPU_STATES } from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'

/** Tracks that were named (none: all), and events and states; null when only tracks were named. */
export type Meaning = { readonly tracks: readonly number[]; readonly search: TraceSearch | null }

/** Reads a search; null when a word names nothing. */
export function readSearch(text: string, layout: TraceLayout): Meaning | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const names = Array.from({ length: layout.tracks }, (_, t) => trackName(layout, t).toLowerCase())
  const vmNames = layout.vms.map((vm) => vm.name.toLowerCase())
  const isPlace = (word: string): boolean => names.includes(word) || vmNames.includes(word)
  const places = words.filter(isPlace)
  const tracks = [...names.keys()].filter((t) => places.every((word) => isOn(names[t]!, word)))
  const what = words.filter((word) => !isPlace(word)).flatMap((word) => word.split('-'))
  if (what.length === 0) return places.length === 0 ? null : { tracks, search: null }
  const search = {
    tracks: places.length === 0 ? [] : tracks,
    kinds: matching(
      POINT_KINDS.map(({ key, label }) => `${key} ${label}`),
      what,
    ),
    vcpuStates: matching(VCPU_STATES, what),
    threadStates: matching(THREAD_STATES.map(titleOf), what),
  }
  const { kinds, vcpuStates, threadStates } = search
  const found = kinds.length + vcpuStates.length + threadStates.length
  return found === 0 ? null : { tracks, search }
}

const isOn = (name: string, word: string): boolean => name === word || name.startsWith(`${word}/`)

const titleOf = (key: string): string =>
  `${key} ${TIME_CLASSES.find((c) => c.key === key)?.label ?? ''}`

/** Which titles have, for each word, a word that starts with it. */
function matching(titles: readonly string[], words: readonly string[]): number[] {
  return [...titles.keys()].filter((at) => {
    const parts = titles[at]!.toLowerCase().split(/[\s:()-]+/)
    const isIn = (word: string): boolean =>
      parts.some((part) => part.startsWith(word)) || titles[at]!.toLowerCase().startsWith(word)
    return words.every(isIn)
  })
}
