/** The texts of the menus, in the chosen language; a screen's command has the screen's name. */
import type { DesktopTexts } from '../../../src-main/core/contract/desktop-texts.ts'
import { MENU_COMMANDS } from '../../../src-main/core/contract/menu.ts'
import type { MenuCommand, NamedCommand } from '../../../src-main/core/contract/menu.ts'
import { SCREENS } from '../../../src-main/core/contract/screens.ts'
import { strings } from '../../strings/index.ts'

/** What a command is called. */
export function commandText(command: MenuCommand): string {
  const screen = SCREENS.find((one) => `view.${one}` === command)
  return screen === undefined
    ? strings.menu.commands[command as NamedCommand]
    : strings.screens[screen]
}

/** Everything that the desktop's own windows say. */
export const desktopTexts = (): DesktopTexts => ({
  menus: strings.menu.menus,
  commands: Object.fromEntries(
    MENU_COMMANDS.map((command) => [command, commandText(command)]),
  ) as Record<MenuCommand, string>,
  closing: strings.menu.closing,
})
