/**
 * Stands in for `electron` when the built main process runs in Node (see built-main.test.ts), and
 * plays the page: sends a port, runs a small campaign to its PDF, and prints what it saw as JSON.
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron'
import type { LabClient } from '../../../src-renderer/bridge/index.ts'
import { electronDouble, portPair } from '../../hosts/electron/support/electron-double.ts'

const double = electronDouble(process.env.FLEXLAB_TEST_PROFILE ?? '')

/** Electron's exports that the main process imports. */
export const { app, dialog, ipcMain, nativeTheme, protocol } = double

/** A window that is only remembered. */
export const BrowserWindow = function (options: BrowserWindowConstructorOptions) {
  return double.createWindow(options)
}

/** Takes the menu bar's template. */
export const Menu = {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: MenuItemConstructorOptions[]) => void double.setMenu(template),
}

/** One screen. */
export const screen = double.screen()

/** The session of the window. */
export const session = { defaultSession: double.session() }

const CAMPAIGN = `
kind: campaign
version: 1
name: built main
axes:
  app: [ep]
  scheme: [cfs, flexcore]
  mix: [{ name: one, vms: [{ vcpus: 2, workload: { app: $app } }] }]
seeds: { count: 1 }
baseline: cfs
`

async function play(): Promise<unknown> {
  const { main, page } = portPair()
  const sender = { sender: { id: 7 }, senderFrame: { url: 'app://flexlab/', parent: null } }
  double.ipc.emit('flexlab:port', { ...sender, ports: [main] })
  const link = new RPCLink({ port: page })
  const lab: LabClient = createORPCClient(link)
  const info = await lab.system.info()
  const { id } = await lab.campaign.create({ text: CAMPAIGN })
  for await (const _ of await lab.campaign.watch({ id }));
  const { finished, failed } = await lab.campaign.progress({ id })
  const report = await lab.report.pdf({ campaignId: id })
  const { added } = await lab.library.importSample()
  const start = await double.handler?.({ method: 'GET', url: 'app://flexlab/' } as never)
  const pdf = Buffer.from(report.base64, 'base64').subarray(0, 5).toString('latin1')
  page.close()
  return {
    host: info.host,
    version: info.appVersion,
    finished,
    failed,
    pdf,
    added,
    start: start?.status,
  }
}

/** Electron ends the process; so does this, once the app has closed its library. */
async function playWhenOpen(): Promise<void> {
  while (double.windows.length === 0 && double.errors.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const seen = double.errors[0] ?? (await play())
  process.stdout.write(`${JSON.stringify(seen)}\n`)
  app.exit = (code) => process.exit(code)
  double.app.emit('will-quit', { preventDefault: () => {} })
}

playWhenOpen().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
