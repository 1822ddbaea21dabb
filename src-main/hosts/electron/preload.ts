/**
 * Runs in the sandbox beside the page and does two things only: passes the page's MessagePort on to
 * the main process, and the menu's commands to the page. Bundled as CommonJS.
 */
import { contextBridge, ipcRenderer } from 'electron'
import {
  APP_ORIGIN,
  COMMAND_CHANNEL,
  DESKTOP_GLOBAL,
  isMenuCommand,
  PORT_CHANNEL,
  PORT_MESSAGE,
} from '../../core/contract/desktop.ts'
import type { DesktopApi } from '../../core/contract/desktop.ts'

const api: DesktopApi = {
  onCommand(listener) {
    const onMessage = (_event: unknown, command: unknown) => {
      if (isMenuCommand(command)) listener(command)
    }
    ipcRenderer.on(COMMAND_CHANNEL, onMessage)
    return () => {
      ipcRenderer.off(COMMAND_CHANNEL, onMessage)
    }
  },
}

contextBridge.exposeInMainWorld(DESKTOP_GLOBAL, api)

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const isOurs = event.source === window && event.origin === APP_ORIGIN
  if (!isOurs || event.data !== PORT_MESSAGE || event.ports.length !== 1) return
  ipcRenderer.postMessage(PORT_CHANNEL, null, [...event.ports])
})
