/** The desktop's menu bar: each command either moves between screens or acts on the open one. */
import type { MenuCommand } from '../../bridge/index.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { strings } from '../../strings/index.ts'
import { focusSearch } from './keys.ts'

/** Carries out a menu command. */
export function runMenuCommand(workbench: Workbench, command: MenuCommand): void {
  const { router, theme, layout, notices, actions } = workbench
  switch (command) {
    case 'file.new-campaign':
    case 'view.builder':
      return router.go('campaign')
    case 'file.open':
    case 'view.library':
      return router.go('library')
    case 'view.live':
      return router.go('live')
    case 'view.run':
      return router.go('run')
    case 'view.compare':
      return router.go('compare')
    case 'help.about':
      return router.go('settings')
    case 'edit.find':
      return void focusSearch()
    case 'view.theme':
      return theme.toggle()
    case 'view.palette':
      layout.overlay = 'palette'
      return
    case 'help.shortcuts':
      layout.overlay = 'shortcuts'
      return
    default:
      if (!actions.run(command)) notices.say(strings.app.notHere)
  }
}
