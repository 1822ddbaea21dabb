/** Debian's Chromium for tests of the browser host, with no traffic of its own. */
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { CHROMIUM_PATH } from '../../../support/requires.ts'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the browser; `args` come on top, e.g. a host that is to resolve to this machine. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: [...QUIET, ...args] })
}
