/** What the palette lists: menu commands, campaigns, hosts, templates, what screens add, runs. */
import type { HostRow } from '../../../src-main/core/contract/hosts.ts'
import type { CampaignRow, RunRow } from '../../../src-main/core/contract/library.ts'
import type { MenuCommand } from '../../../src-main/core/contract/menu.ts'
import type { Command } from '../../state/actions.svelte.ts'
import { fuzzyScore } from '../../state/fuzzy.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { strings } from '../../strings/index.ts'
import { possibleCommands } from './commands.ts'
import { commandText } from './menu-texts.ts'

/** What the lab knows that can be gone to. */
export type Places = {
  readonly campaigns: readonly CampaignRow[]
  readonly hosts: readonly HostRow[]
  /** Runs that match what is typed. */
  readonly runs: readonly RunRow[]
}

const SHOWN_MAX = 60

/** All commands of the moment but runs. */
export function paletteCommands(workbench: Workbench, places: Places): Command[] {
  return [
    ...possibleCommands(workbench)
      .filter((command) => command !== 'view.palette')
      .map((command) => menuCommand(workbench, command)),
    ...workbench.actions.commands,
    ...places.campaigns.flatMap((row) => campaignCommands(workbench, row)),
    ...places.hosts.map((row) => hostCommand(workbench, row)),
    ...templateCommands(workbench),
  ]
}

/** What fits the typed text, best first; without text the recent ones lead. */
export function matchCommands(
  commands: readonly Command[],
  text: string,
  recent: readonly string[],
): Command[] {
  const rank = (command: Command) => {
    const at = recent.indexOf(command.id)
    return at === -1 ? recent.length : at
  }
  const scored = commands.flatMap((command) => {
    const score = fuzzyScore(text, `${command.title} ${command.group}`)
    return score === null ? [] : [{ command, score: text.trim() === '' ? 0 : score }]
  })
  scored.sort((a, b) => b.score - a.score || rank(a.command) - rank(b.command))
  return scored.slice(0, SHOWN_MAX).map(({ command }) => command)
}

/** Opens a run. The lab's search has found it, so it is listed as it comes. */
export function runCommand({ router }: Workbench, row: RunRow): Command {
  return {
    id: `run:${row.id}`,
    title: `${row.name} · ${row.app} · ${row.scheme} · ${row.seed}`,
    group: strings.screens.run,
    act: () => router.go('run', row.id),
  }
}

function menuCommand(workbench: Workbench, command: MenuCommand): Command {
  const isScreen = command.startsWith('view.') && !strings.menu.commands[command as 'view.theme']
  return {
    id: command,
    title: commandText(command),
    group: isScreen ? strings.app.groups.screen : strings.app.groups.action,
    act: () => void workbench.actions.run(command),
  }
}

function templateCommands({ connection, router }: Workbench): Command[] {
  return (connection.catalogue?.templates ?? []).map((template) => ({
    id: `template:${template.id}`,
    title: template.title,
    group: strings.app.groups.template,
    act: () => router.go('campaign', null, { template: template.id }),
  }))
}

function hostCommand({ router }: Workbench, { name }: HostRow): Command {
  return {
    id: `host:${name}`,
    title: name,
    group: strings.screens.hosts,
    act: () => router.go('hosts', name),
  }
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
