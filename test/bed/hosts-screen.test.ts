// The Hosts screen in a real browser, over a real SSH server, on real VMs: consent, the map, a plan
// before its change, the change itself, and the way back.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditPage } from '../e2e/support/accessibility.ts'
import { serveLab, type ServedLab } from '../e2e/support/served-lab.ts'
import { goTo, openWorkbench } from '../e2e/support/workbench-page.ts'
import { launchChromium } from '../hosts/web/support/chromium.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { sharedBed } from './shared-bed.ts'

const LONG = { timeout: 120_000 }

let folder: string
let lab: ServedLab
let browser: Browser
let page: Page
const complaints: string[] = []

/** The bed's ssh_config without its known key, as on the first day. */
function firstDayConfig(): string {
  const config = readFileSync(sharedBed().ssh!.configFile, 'utf8')
  const none = path.join(folder, 'known_hosts')
  const file = path.join(folder, 'config')
  writeFileSync(file, config.replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${none}`))
  return file
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const names = () => sharedBed().guests.map((guest) => guest.name)

describe.runIf(requiresTool('chromium', ...BED_TOOLS))('the hosts screen', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-hosts-'))
    lab = await serveLab()
    browser = await launchChromium()
    page = await openWorkbench(await browser.newContext(), lab, complaints)
    await goTo(page, 'Hosts')
  })

  afterAll(async () => {
    await browser.close()
    await lab.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('says what a host is while there is none, and takes one', async () => {
    await page.getByText('No hosts yet').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Add host' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name', { exact: false }).first().fill('-oProxyCommand=touch')
    await form.getByRole('button', { name: 'Add host' }).click()
    await form.getByRole('alert').waitFor()
    await form.getByLabel('Name', { exact: false }).first().fill('bed')
    await form.getByLabel(/ssh_config/).fill(firstDayConfig())
    await form.getByRole('button', { name: 'Add host' }).click()
    await page.getByText('Never reached').waitFor()
  })

  it('shows the fingerprint of an unknown key, and connects once it is trusted', async () => {
    await button('Connect').click()
    await page.getByText('Is this the host you mean?').waitFor(LONG)
    expect(await page.locator('.key').innerText()).toMatch(/SHA256:[A-Za-z0-9+/]{43}/)
    await page.getByRole('button', { name: /trust this key/ }).click()
    for (const name of names()) {
      await page.getByRole('row', { name: `${name} vCPU 1, on any pCPU` }).waitFor(LONG)
    }
    expect(await auditPage(page)).toEqual([])
  })

  it('plans before it changes, shows the pins, and puts all of it back', async () => {
    // The machine may have other VMs than ours.
    const boxes = page.getByRole('group', { name: 'Virtual machines' }).getByRole('checkbox')
    for (const box of await boxes.all()) await box.uncheck()
    for (const name of names()) await page.getByRole('checkbox', { name, exact: true }).check()
    await page.getByRole('combobox', { name: 'How vCPUs come and go' }).selectOption('hotplug')
    await page.getByRole('checkbox', { name: 'Follow the load' }).uncheck()
    await button('Plan').click()
    await page
      .getByText(/taskset/)
      .first()
      .waitFor(LONG)
    await button('Apply').click()
    await page.getByText('flexcore(dynamic=false, resize=hotplug) on 2 VMs').waitFor(LONG)
    const first = page.getByRole('row', { name: new RegExp(`${names()[0]} vCPU 0, on pCPU`) })
    await first.waitFor(LONG)
    await page.getByRole('row', { name: new RegExp(`${names()[0]} vCPU 1.*offline`) }).waitFor()
    await button('Watch').click()
    const live = page.getByRole('row', { name: new RegExp(`^${names()[0]} \\d+\\.\\d\\d`) })
    await live.waitFor(LONG)
    await button('Stop').click()
    await button('Restore').click()
    await page.getByText('The host equals its snapshot again.').waitFor(LONG)
    await page.getByRole('row', { name: `${names()[0]} vCPU 1, on any pCPU` }).waitFor(LONG)
    // Other tests of this bed have their lines in the journal, too.
    await page
      .getByRole('row', { name: /restored request/ })
      .first()
      .waitFor()
    expect(complaints).toEqual([])
  })

  it('forgets the host', async () => {
    await button('Forget host').click()
    await page.getByText('No hosts yet').waitFor()
  })
})
