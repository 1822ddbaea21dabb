/** What a state of a track is called on the screen, and what it means. */
import { TIME_CLASSES } from '../../../src-main/core/base/time-class.ts'
import { stateName, trackKind } from '../../../src-main/core/trace/layout.ts'
import type { TraceLayout } from '../../../src-main/core/trace/layout.ts'
import { strings } from '../../strings/index.ts'

/** A state in words; `meaning` is empty where the name says it all. */
export type StateLabel = { readonly label: string; readonly meaning: string }

/** Words for a state of a track. */
export function stateLabel(layout: TraceLayout, track: number, state: number): StateLabel {
  const name = stateName(layout, track, state)
  const kind = trackKind(layout, track)
  if (kind === 'pcpu') {
    return state === 0 ? strings.timeline.states.idle : { label: name, meaning: '' }
  }
  if (kind === 'vcpu') {
    const words = strings.timeline.states
    return Object.hasOwn(words, name)
      ? words[name as keyof typeof words]
      : { label: name, meaning: '' }
  }
  const known = TIME_CLASSES.find((c) => c.key === name)
  return known ?? strings.timeline.states['barrier-wait']
}
