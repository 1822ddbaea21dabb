/**
 * Runs in the sandbox beside the page and does little: passes the page's MessagePort and the texts
 * of the menu bar on to the main process; the menu's commands, links and files to the page. Bundled
 * as CommonJS.
 */
import { contextBridge, ipcRenderer } from 'electron'
import {
  APP_ORIGIN,
  COMMAND_CHANNEL,
  DESKTOP_GLOBAL,
  FILE_CHANNEL,
  LIBRARY_CHANNEL,
  LINK_CHANNEL,
  PORT_CHANNEL,
  PORT_MESSAGE,
  TEXTS_CHANNEL,
} from '../../core/contract/desktop.ts'
import type { DesktopApi, OpenedFile } from '../../core/contract/desktop.ts'
import { isMenuCommand } from '../../core/contract/menu.ts'

const api: DesktopApi = {
  onCommand: (listener) => listen(COMMAND_CHANNEL, isMenuCommand, listener),
  onLink: (listener) => listen(LINK_CHANNEL, isHash, listener),
  onFile: (listener) => listen(FILE_CHANNEL, isFile, listener),
  setTexts: (texts) => ipcRenderer.send(TEXTS_CHANNEL, texts),
  openLibrary: (file) => ipcRenderer.send(LIBRARY_CHANNEL, file),
}

contextBridge.exposeInMainWorld(DESKTOP_GLOBAL, api)

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const isOurs = event.source === window && event.origin === APP_ORIGIN
  if (!isOurs || event.data !== PORT_MESSAGE || event.ports.length !== 1) return
  ipcRenderer.postMessage(PORT_CHANNEL, null, [...event.ports])
})

function listen<T>(
  channel: string,
  isWanted: (value: unknown) => value is T,
  listener: (value: T) => void,
): () => void {
  const onMessage = (_event: unknown, value: unknown) => {
    if (isWanted(value)) listener(value)
  }
  ipcRenderer.on(channel, onMessage)
  return () => {
    ipcRenderer.off(channel, onMessage)
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('#/')
}

function isFile(value: unknown): value is OpenedFile {
  if (typeof value !== 'object' || value === null) return false
  const { name, head, text } = value as Partial<OpenedFile>
  const isText = text === null || typeof text === 'string'
  return typeof name === 'string' && head instanceof Uint8Array && isText
}
