/**
 * The connection of the page in Electron: makes a MessageChannel, hands one end to the preload,
 * which passes it on to the main process, and talks oRPC over the other.
 */
import { RPCLink } from '@orpc/client/message-port'
import { DESKTOP_GLOBAL, PORT_MESSAGE } from '../../src-main/core/contract/desktop.ts'
import type { DesktopApi } from '../../src-main/core/contract/desktop.ts'
import type { Transport } from './connection.ts'

/** Whether this page runs in our Electron window. */
export function isDesktop(): boolean {
  return desktopApi() !== undefined
}

/** Opens the connection to the main process. */
export function openDesktopTransport(): Promise<Transport> {
  const { port1, port2 } = new MessageChannel()
  window.postMessage(PORT_MESSAGE, location.origin, [port2])
  let isOpen = true
  const closed = new Promise<void>((resolve) => {
    port1.addEventListener('close', () => {
      isOpen = false
      resolve()
    })
  })
  const link = new RPCLink({ port: port1 })
  port1.start()
  return Promise.resolve({ link, isOpen: () => isOpen, closed })
}

/** What the preload offers; undefined in a browser. */
export function desktopApi(): DesktopApi | undefined {
  return (globalThis as { [DESKTOP_GLOBAL]?: DesktopApi })[DESKTOP_GLOBAL]
}
