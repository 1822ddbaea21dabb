/** The screens of the rail: icon, shortcut, and the component, loaded when first opened. */
import type { Component } from 'svelte'
import Activity from '@lucide/svelte/icons/activity'
import BookOpen from '@lucide/svelte/icons/book-open'
import ChartGantt from '@lucide/svelte/icons/chart-gantt'
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column'
import FileText from '@lucide/svelte/icons/file-text'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import Library from '@lucide/svelte/icons/library'
import Server from '@lucide/svelte/icons/server'
import Settings2 from '@lucide/svelte/icons/settings-2'
import SquareActivity from '@lucide/svelte/icons/square-activity'
import Target from '@lucide/svelte/icons/target'
import type { Screen } from '../../state/route.ts'

/** One entry of the rail. */
export type ScreenEntry = {
  readonly screen: Screen
  readonly icon: typeof Library
  /** The letter after `g`. */
  readonly key: string
  readonly load: () => Promise<{ default: Component }>
}

/** In the order of the rail: from the material to the result. */
export const SCREEN_ENTRIES: readonly ScreenEntry[] = [
  {
    screen: 'library',
    icon: Library,
    key: 'l',
    load: () => import('../library/LibraryView.svelte'),
  },
  {
    screen: 'campaign',
    icon: FlaskConical,
    key: 'c',
    load: () => import('../campaign/CampaignView.svelte'),
  },
  { screen: 'live', icon: Activity, key: 'v', load: () => import('../live/LiveView.svelte') },
  { screen: 'run', icon: SquareActivity, key: 'r', load: () => import('../run/RunView.svelte') },
  {
    screen: 'compare',
    icon: ChartNoAxesColumn,
    key: 'o',
    load: () => import('../compare/CompareView.svelte'),
  },
  {
    screen: 'timeline',
    icon: ChartGantt,
    key: 't',
    load: () => import('../timeline/TimelineView.svelte'),
  },
  {
    screen: 'calibration',
    icon: Target,
    key: 'b',
    load: () => import('../calibration/CalibrationView.svelte'),
  },
  { screen: 'hosts', icon: Server, key: 'h', load: () => import('../hosts/HostsView.svelte') },
  {
    screen: 'reports',
    icon: FileText,
    key: 'p',
    load: () => import('../reports/ReportsView.svelte'),
  },
  {
    screen: 'settings',
    icon: Settings2,
    key: 's',
    load: () => import('../settings/SettingsView.svelte'),
  },
  { screen: 'help', icon: BookOpen, key: 'e', load: () => import('../help/HelpView.svelte') },
]

/** The entry of a screen. */
export function entryOf(screen: Screen): ScreenEntry {
  const entry = SCREEN_ENTRIES.find((candidate) => candidate.screen === screen)
  if (entry === undefined) throw new Error(`no screen ${screen}`)
  return entry
}
