/** The page in the desktop's window: its menu bar, links and files reach the same places. */
import { desktopApi } from '../../bridge/index.ts'
import { parseRoute } from '../../state/route.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { runMenuCommand } from './commands.ts'
import { desktopTexts } from './menu-texts.ts'

/** Listens to the main process until the returned function is called; in a browser to nobody. */
export function joinDesktop(workbench: Workbench): () => void {
  const desktop = desktopApi()
  if (desktop === undefined) return () => {}
  const ends = [
    desktop.onCommand((command) => runMenuCommand(workbench, command)),
    desktop.onLink((hash) => workbench.router.open(parseRoute(hash))),
    desktop.onFile(({ name, head, text }) => workbench.files.give(name, head, text)),
  ]
  // Last, because what has waited for this page is sent once it has spoken.
  desktop.setTexts(desktopTexts())
  return () => ends.forEach((end) => end())
}
