/**
 * The one door from the screens to the lab: a typed client of the contract, by MessagePort in
 * Electron and by WebSocket in a browser. Nothing else in the renderer talks to a host.
 *
 *   const lab = await connect()
 *   const page = await lab.library.runs({ search: 'ferret' })
 *   for await (const progress of await lab.campaign.watch({ id }, { signal })) show(progress)
 */
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../src-main/core/contract/handlers.ts'
import { openBrowserTransport } from './browser-transport.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection.ts'
import { isDesktop, openDesktopTransport } from './desktop-transport.ts'

export { desktopApi, isDesktop } from './desktop-transport.ts'
export type { ConnectionState } from './connection.ts'
export { saveFile } from './save-file.ts'
export type { FileToSave } from './save-file.ts'

/** The typed client: `lab.campaign.list()`. Every call that fails rejects with a LabError. */
export type LabClient = ContractRouterClient<Contract>

let connection: Connection | null = null

function theConnection(): Connection {
  connection ??= new Connection(isDesktop() ? openDesktopTransport : openBrowserTransport)
  return connection
}

/**
 * Opens the connection (once; later calls share it) and resolves to the client when it is open.
 * Lost connections are opened again by themselves, and the same client goes on working.
 * Rejects with LabError `unavailable` when the host refuses this page, e.g. without its token.
 */
export async function connect(): Promise<LabClient> {
  const link = theConnection()
  await link.opened()
  return createORPCClient(link)
}

/**
 * The state of the connection, as a Svelte store: `$connectionState`, or `subscribe(listener)`,
 * which calls back at once and on every change and returns the function that ends it.
 */
export const connectionState = {
  subscribe: (listener: (state: ConnectionState) => void): (() => void) =>
    theConnection().subscribe(listener),
}

/** Tries a lost connection again now, e.g. from a "Reconnect" button. */
export function reconnect(): void {
  theConnection().retryNow()
}
