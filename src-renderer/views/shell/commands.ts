/** What the palette offers: screens, campaigns, templates and a few actions. */
import type { CampaignRow } from '../../../src-main/core/contract/library.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { strings } from '../../strings/index.ts'
import { SCREEN_ENTRIES } from './screens.ts'

/** One thing to go to or to do. */
export type Command = {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly act: () => void
}

/** All commands of the moment. */
export function commandsOf(workbench: Workbench, campaigns: readonly CampaignRow[]): Command[] {
  const { router, theme, layout, connection } = workbench
  const screens = SCREEN_ENTRIES.map((entry) => ({
    id: `screen:${entry.screen}`,
    title: strings.screens[entry.screen],
    group: 'Screen',
    act: () => router.go(entry.screen),
  }))
  const templates = (connection.catalogue?.templates ?? []).map((template) => ({
    id: `template:${template.id}`,
    title: template.title,
    group: 'New from template',
    act: () => router.go('campaign', null, { template: template.id }),
  }))
  const toggles = [
    { id: 'theme', title: 'Dark or light', group: 'Action', act: () => theme.toggle() },
    {
      id: 'inspector',
      title: strings.app.toggleInspector,
      group: 'Action',
      act: () => layout.toggleInspector(),
    },
    {
      id: 'shortcuts',
      title: strings.app.shortcuts,
      group: 'Action',
      act: () => {
        layout.overlay = 'shortcuts'
      },
    },
  ]
  return [
    ...screens,
    ...campaigns.flatMap((row) => campaignCommands(workbench, row)),
    ...templates,
    ...toggles,
  ]
}

/** Commands whose words start with the typed words, in the given order. */
export function matchCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter((command) => {
    const parts = `${command.title} ${command.group}`.toLowerCase().split(/[\s·/]+/)
    return words.every((word) => parts.some((part) => part.startsWith(word)))
  })
}

function campaignCommands({ router }: Workbench, row: CampaignRow): Command[] {
  const compare = {
    id: `compare:${row.id}`,
    title: row.name,
    group: strings.screens.compare,
    act: () => router.go('compare', row.id),
  }
  const live = {
    id: `live:${row.id}`,
    title: row.name,
    group: strings.screens.live,
    act: () => router.go('live', row.id),
  }
  return row.finished > 0 ? [compare, live] : [live]
}
