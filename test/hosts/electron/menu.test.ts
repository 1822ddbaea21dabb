// The menu bar: its order, and that every command of the contract can be reached and is unique.
import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { ENGLISH_TEXTS } from '../../../src-main/core/contract/desktop-texts.ts'
import { MENU_COMMANDS } from '../../../src-main/core/contract/menu.ts'
import { menuTemplate } from '../../../src-main/hosts/electron/menu.ts'

type Click = () => void

function menu(change: Partial<Parameters<typeof menuTemplate>[0]> = {}) {
  const sent: string[] = []
  const send = (command: string) => sent.push(command)
  const template = menuTemplate({
    send,
    texts: ENGLISH_TEXTS,
    isMac: false,
    isPackaged: true,
    ...change,
  })
  return { sent, template, items: template.flatMap(submenuOf) }
}

function submenuOf(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return Array.isArray(item.submenu) ? item.submenu : []
}

test('the menus stand in the order that desktop users know', () => {
  const labels = menu().template.map((item) => item.label)
  expect(labels).toEqual(['&File', '&Edit', '&View', '&Run', '&Window', '&Help'])
  expect(menu({ isMac: true }).template[0]).toEqual({ role: 'appMenu' })
})

test('every menu command is in the menu exactly once', () => {
  const { items, sent } = menu()
  for (const item of items) (item.click as Click | undefined)?.()
  expect([...sent].sort()).toEqual([...MENU_COMMANDS].sort())
})

test('no two items share a shortcut', () => {
  const shortcuts = menu().items.flatMap(({ accelerator }) => accelerator ?? [])
  expect(new Set(shortcuts).size).toBe(shortcuts.length)
})

test('reloading and the developer tools are only in a development build', () => {
  const roles = (isPackaged: boolean) => menu({ isPackaged }).items.map((item) => item.role)
  expect(roles(true)).not.toContain('toggleDevTools')
  expect(roles(true)).not.toContain('reload')
  expect(roles(false)).toContain('toggleDevTools')
})
