/** Colour of a state on a row, for names in intervals, tooltips and the legend. */
import {
  pcpuColors,
  threadColors,
  vcpuColors,
} from '../../../src-main/core/charts/timeline-palette.ts'
import type { ChartTheme } from '../../../src-main/core/charts/chart-theme.ts'
import type { Pane } from '../../state/timeline/pane.svelte.ts'
import type { Group, Row } from '../../state/timeline/rows.ts'

/** Colours of a group's states, by their numbers. */
export function colorsOf(theme: ChartTheme, { of, vm }: Group, vms: number): readonly string[] {
  if (of === 'pcpus') return pcpuColors(theme, vms)
  return of === 'vcpus' ? vcpuColors(theme, vm) : threadColors(theme)
}

/** Looks colours up, and keeps them for as long as one drawing takes. */
export function colorNamer(pane: Pane, theme: ChartTheme): (row: Row, state: number) => string {
  const known = new Map<string, readonly string[]>()
  return ({ group }, state) => {
    let colors = known.get(group.key)
    if (colors === undefined) {
      colors = colorsOf(theme, group, pane.data.layout.vms.length)
      known.set(group.key, colors)
    }
    return colors[state] ?? theme.faint
  }
}
