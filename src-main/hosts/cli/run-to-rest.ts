/** Runs a campaign until it rests, shows how it goes, and stops it cleanly on Ctrl-C. */
import type { CampaignRow } from '../../core/contract/library.ts'
import type { CellEvent, Progress } from '../../core/contract/progress.ts'
import type { Lab } from '../../lab/index.ts'
import { EXIT } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Interrupts } from './interrupts.ts'
import { loadText, SampleChanges } from './output/host.ts'
import { clockText, rateText } from './output/quantities.ts'
import type { Terminal } from './output/terminal.ts'

const BAR_CELLS = 24
const PLAIN_GAP_MS = 2000

/** How a campaign came to rest. */
export type Rest = { readonly progress: Progress; readonly exit: ExitCode }

/** Follows a campaign that was started. @throws LabError when the library could not be written */
export async function runToRest(
  lab: Lab,
  campaign: CampaignRow,
  terminal: Terminal,
  interrupts: Interrupts,
): Promise<Rest> {
  const cancelled = cancelOnSignal(lab, campaign.id, interrupts.signal)
  const view = new ProgressView(terminal)
  for await (const progress of lab.campaign.watch(campaign.id)) view.show(progress)
  terminal.clearStatus()
  await cancelled.settled()
  await lab.campaign.rested(campaign.id)
  const progress = await lab.campaign.progress(campaign.id)
  view.end(progress)
  return { progress, exit: exitOf(progress) }
}

function cancelOnSignal(lab: Lab, id: string, signal: AbortSignal) {
  let cancelling: Promise<unknown> = Promise.resolve()
  const cancel = (): void => {
    cancelling = lab.campaign.cancel(id)
    // It is awaited after the watch has ended; until then it must not count as unhandled.
    cancelling.catch(() => undefined)
  }
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel, { once: true })
  return {
    async settled() {
      signal.removeEventListener('abort', cancel)
      await cancelling
    },
  }
}

function exitOf({ status, failed }: Progress): ExitCode {
  if (status !== 'finished') return EXIT.cancelled
  return failed > 0 ? EXIT.partial : EXIT.ok
}

/** A status line on a terminal; a line now and then elsewhere; each failure as it comes. */
class ProgressView {
  readonly #terminal: Terminal
  readonly #failuresShown = new Set<string>()
  readonly #changes = new SampleChanges()
  #plainAtMs = -Infinity
  #load = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show(progress: Progress): void {
    this.#showFailures(progress)
    this.#readLoad(progress)
    if (this.#terminal.live) this.#terminal.status(statusText(progress, this.#load))
    else this.#showPlain(progress)
  }

  end(progress: Progress): void {
    this.#showFailures(progress)
    const { status, finished, failed, skipped, cells, elapsedMs, campaignId, reason } = progress
    const more = [failed > 0 ? `, ${failed} failed` : '', skipped > 0 ? `, ${skipped} skipped` : '']
    const counts = `${finished} of ${cells} cells${more.join('')}`
    this.#terminal.say(`${status}: ${counts} in ${clockText(elapsedMs)}`)
    if (reason !== null) this.#terminal.say(`because: ${reason.message}`)
    const id = campaignId
    if (status !== 'finished') this.#terminal.say(`go on with: flexlab campaign resume ${id}`)
    else if (failed > 0) this.#terminal.say(`try again with: flexlab campaign retry ${id}`)
  }

  #showFailures({ log }: Progress): void {
    for (const event of log) {
      const key = `${event.index} ${event.at}`
      if (event.status !== 'failed' || this.#failuresShown.has(key)) continue
      this.#failuresShown.add(key)
      this.#terminal.say(failureText(event))
    }
  }

  #showPlain(progress: Progress): void {
    const now = performance.now()
    if (now - this.#plainAtMs < PLAIN_GAP_MS) return
    this.#plainAtMs = now
    this.#terminal.say(statusText(progress, this.#load))
  }

  /** What the VMs of a measured cell do now; screens come more often than samples. */
  #readLoad({ active }: Progress): void {
    const sample = active[0]?.live?.sample ?? null
    if (sample === null) {
      this.#load = ''
      return
    }
    const texts = this.#changes.since(sample, loadText)
    if (texts.length > 0) this.#load = texts.join(', ')
  }
}

function failureText({ index, factors, seed, error }: CellEvent): string {
  const { app, scheme } = factors
  return `failed: cell ${index}, ${app} under ${scheme}, seed ${seed}: ${error ?? ''}`
}

function statusText(progress: Progress, load: string): string {
  const { cells, finished, failed, skipped, active, etaMs, eventsPerSecond, host } = progress
  const done = finished + failed + skipped
  const partly = active.reduce((sum, cell) => sum + cell.fraction, 0)
  const parts = [
    `${bar((done + partly) / Math.max(1, cells))} ${done}/${cells} cells`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    etaMs === null ? 'time left: not known yet' : `${etaText(etaMs)} left`,
    host === null ? `${rateText(eventsPerSecond)} events/s` : `on ${host}`,
    active.map(({ factors }) => `${factors.app}/${factors.scheme}`).join(' '),
    active.flatMap(({ live }) => live?.phase ?? []).join(' '),
    load,
  ]
  return parts.filter(Boolean).join(' · ')
}

function etaText({ lo, hi }: NonNullable<Progress['etaMs']>): string {
  const [from, to] = [clockText(lo), clockText(hi)]
  return from === to ? from : `${from} to ${to}`
}

function bar(fraction: number): string {
  const full = Math.round(Math.min(1, fraction) * BAR_CELLS)
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}
