/** What menus and palette do, as far as it is the shell's: screens, overlays, undo, help. */
import { MENU_COMMANDS } from '../../../src-main/core/contract/menu.ts'
import type { MenuCommand } from '../../../src-main/core/contract/menu.ts'
import { SCREENS } from '../../../src-main/core/contract/screens.ts'
import type { MenuHandlers } from '../../state/actions.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { strings } from '../../strings/index.ts'
import { commandText } from './menu-texts.ts'

/** What the shell handles on every screen. */
export function shellHandlers(workbench: Workbench): MenuHandlers {
  const { router, theme, layout, tour } = workbench
  const screens = SCREENS.map((screen) => [`view.${screen}`, () => router.go(screen)] as const)
  return {
    ...(Object.fromEntries(screens) as MenuHandlers),
    'file.new-campaign': () => router.go('campaign'),
    'file.open': () => workbench.files.choose(),
    'file.libraries': () => router.go('settings', null, { section: 'library' }),
    'edit.undo': () => undo(workbench),
    'edit.redo': () => redo(workbench),
    'edit.find': () => find(workbench),
    'view.palette': () => layout.show('palette'),
    'view.inspector': () => layout.toggleInspector(),
    'view.theme': () => theme.toggle(),
    'help.contents': () => router.go('help'),
    'help.tour': () => tour.open(),
    'help.shortcuts': () => layout.show('shortcuts'),
    'help.doctor': () => router.go('settings', null, { section: 'checks' }),
    'help.about': () => router.go('settings', null, { section: 'about' }),
  }
}

/** Carries out a menu command, or says that the open screen has nothing to do it with. */
export function runMenuCommand({ actions, notices }: Workbench, command: MenuCommand): void {
  if (!actions.run(command)) notices.say(strings.app.notHere(commandText(command)))
}

/** The menu commands that would do something now. */
export const possibleCommands = ({ actions }: Workbench): readonly MenuCommand[] =>
  MENU_COMMANDS.filter((command) => actions.can(command))

/** Puts the caret into the screen's search field; says whether there is one. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]')
  field?.focus()
  field?.select()
  return field !== null
}

/** Whether keys go into a text just now. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.matches(
    'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, ' +
      '[contenteditable]',
  )
}

function find({ router }: Workbench): void {
  if (!focusSearch()) router.go('library')
}

// Menus reach fields too: there Undo is the field's own.
function undo({ notices }: Workbench): void {
  if (isTyping(document.activeElement)) document.execCommand('undo')
  else notices.undo(strings.app.undone)
}

function redo({ notices }: Workbench): void {
  if (isTyping(document.activeElement)) document.execCommand('redo')
  else notices.redo()
}
