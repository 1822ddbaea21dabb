/** The menu bar. What concerns the workbench is sent to the page as a command; it knows how. */
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../core/contract/desktop.ts'

type Send = (command: MenuCommand) => void
type Item = MenuItemConstructorOptions

/** What a menu depends on. */
export type MenuOptions = {
  readonly send: Send
  readonly isMac: boolean
  readonly isPackaged: boolean
}

const SEPARATOR: Item = { type: 'separator' }

/** The menu bar's template. */
export function menuTemplate({ send, isMac, isPackaged }: MenuOptions): Item[] {
  const item = (label: string, command: MenuCommand, accelerator?: string): Item => ({
    label,
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  })
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(item, isMac) },
    { label: '&Edit', submenu: editMenu(item) },
    { label: '&View', submenu: viewMenu(item, isPackaged) },
    { label: '&Run', submenu: runMenu(item) },
    { label: '&Window', role: 'windowMenu' },
    { label: '&Help', role: 'help', submenu: helpMenu(item) },
  ]
}

type MakeItem = (label: string, command: MenuCommand, accelerator?: string) => Item

function fileMenu(item: MakeItem, isMac: boolean): Item[] {
  return [
    item('New campaign', 'file.new-campaign', 'CmdOrCtrl+N'),
    item('Open campaign file…', 'file.open', 'CmdOrCtrl+O'),
    SEPARATOR,
    item('Export report…', 'file.export-report', 'CmdOrCtrl+P'),
    SEPARATOR,
    isMac ? { role: 'close' } : { role: 'quit' },
  ]
}

function editMenu(item: MakeItem): Item[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    SEPARATOR,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    SEPARATOR,
    item('Find in library', 'edit.find', 'CmdOrCtrl+F'),
  ]
}

function viewMenu(item: MakeItem, isPackaged: boolean): Item[] {
  const development: Item[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, SEPARATOR]
  return [
    item('Library', 'view.library', 'CmdOrCtrl+1'),
    item('Campaign builder', 'view.builder', 'CmdOrCtrl+2'),
    item('Live', 'view.live', 'CmdOrCtrl+3'),
    item('Run', 'view.run', 'CmdOrCtrl+4'),
    item('Compare', 'view.compare', 'CmdOrCtrl+5'),
    SEPARATOR,
    item('Command palette', 'view.palette', 'CmdOrCtrl+K'),
    item('Light or dark', 'view.theme'),
    SEPARATOR,
    ...(isPackaged ? [] : development),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    SEPARATOR,
    { role: 'togglefullscreen' },
  ]
}

function runMenu(item: MakeItem): Item[] {
  return [
    item('Start or resume', 'run.start', 'CmdOrCtrl+Enter'),
    item('Pause', 'run.pause'),
    item('Cancel', 'run.cancel'),
    SEPARATOR,
    item('Retry failed cells', 'run.retry'),
  ]
}

function helpMenu(item: MakeItem): Item[] {
  return [
    item('Keyboard shortcuts', 'help.shortcuts', 'F1'),
    SEPARATOR,
    item('About FlexCore Lab', 'help.about'),
  ]
}
