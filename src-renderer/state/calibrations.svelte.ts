/** Calibrations: the list, the open one, what it predicts, and one that is being made. */
import type { LabClient } from '../bridge/index.ts'
import type {
  CalibrationDetail,
  CalibrationProgress,
  CalibrationRow,
  Prediction,
} from '../../src-main/core/contract/calibration.ts'
import type { HostRow } from '../../src-main/core/contract/hosts.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import type { Replay } from '../../src-main/core/contract/replay.ts'

/** Finished runs that a campaign must have to hold a calibration against it. */
export const RUNS_MIN = 3

/** What is to be calibrated. */
export type CalibrationWish = { readonly host: string; readonly name: string; readonly vm: string }

/** The state of the calibration screen. */
export class Calibrations {
  rows = $state.raw<readonly CalibrationRow[] | null>(null)
  hosts = $state.raw<readonly HostRow[]>([])
  detail = $state.raw<CalibrationDetail | null>(null)
  prediction = $state.raw<Prediction | null>(null)
  replay = $state.raw<Replay | null>(null)
  /** How far the calibration that is being made is; null while none is. */
  making = $state.raw<{ host: string; progress: CalibrationProgress | null } | null>(null)
  isPredicting = $state(false)
  isReplaying = $state(false)
  #campaigns = $state.raw<readonly CampaignRow[]>([])
  #name: string | null = null
  #work = new AbortController()
  #making: AbortController | null = null
  readonly #client: LabClient

  constructor(client: LabClient) {
    this.#client = client
  }

  /** Measured campaigns of the open calibration's host with enough runs, newest first. */
  readonly matching = $derived.by(() =>
    this.#campaigns.filter(
      ({ host, finished }) => host === this.detail?.calibration.host && finished >= RUNS_MIN,
    ),
  )

  /** Whether its host was reached since the calibration, so that its facts could be compared. */
  readonly isChecked = $derived.by(() => {
    const calibration = this.detail?.calibration
    const probe = this.hosts.find(({ name }) => name === calibration?.host)?.probe
    const hasFacts = (probe?.facts ?? null) !== null
    return hasFacts && probe?.vms?.some(({ name }) => name === calibration?.vm) === true
  })

  async load(): Promise<void> {
    const { calibration, campaign, host } = this.#client
    const [rows, campaigns, hosts] = await Promise.all([
      calibration.list(),
      campaign.list(),
      host.list(),
    ])
    this.#campaigns = campaigns
    this.hosts = hosts
    this.rows = rows
  }

  /** Shows another calibration; what the last one still simulates is given up. */
  async open(name: string | null): Promise<void> {
    if (name === this.#name) return
    this.#name = name
    this.leave()
    this.detail = null
    this.prediction = null
    this.replay = null
    if (name === null) return
    const detail = await this.#client.calibration.get({ name })
    if (name === this.#name) this.detail = detail
  }

  /** Gives up predictions and replays that are under way; a calibration goes on. */
  leave(): void {
    this.#work.abort()
    this.#work = new AbortController()
  }

  async predict(campaignId: string): Promise<void> {
    const calibration = this.#name
    if (calibration === null) return
    this.leave()
    const { signal } = this.#work
    this.isPredicting = true
    this.prediction = null
    this.replay = null
    try {
      const made = await this.#client.calibration.predict({ campaignId, calibration }, { signal })
      if (!signal.aborted) this.prediction = made
    } finally {
      if (!signal.aborted) this.isPredicting = false
    }
  }

  /** A cell of the prediction under another scheme. */
  async replayCell(
    cell: { readonly app: string; readonly scheme: string; readonly mix: string },
    scheme: string,
  ): Promise<void> {
    const { prediction } = this
    if (prediction === null) return
    const { signal } = this.#work
    this.isReplaying = true
    try {
      const runId = await this.#runOf(prediction.campaignId, cell)
      const { calibration } = prediction
      const asked = { runId, calibration, scheme: { id: scheme } }
      const made = await this.#client.calibration.replay(asked, { signal })
      if (!signal.aborted) this.replay = made
    } finally {
      this.isReplaying = false
    }
  }

  /** Measures a host; ends with the name that the calibration is kept under. */
  async make({ host, name, vm }: CalibrationWish): Promise<string | null> {
    const making = new AbortController()
    this.#making = making
    this.making = { host, progress: null }
    try {
      const asked = { host, ...(name && { name }), ...(vm && { vm }) }
      const events = await this.#client.calibration.run(asked, { signal: making.signal })
      let made: string | null = null
      for await (const event of events) {
        if ('progress' in event) this.making = { host, progress: event.progress }
        else made = event.calibration.name
      }
      await this.load()
      return made
    } finally {
      this.making = null
      this.#making = null
    }
  }

  /** Ends the calibration that is being made; the host is put back. */
  cancel(): void {
    this.#making?.abort()
  }

  async remove(name: string): Promise<void> {
    await this.#client.calibration.remove({ name })
    await this.open(null)
    await this.load()
  }

  async #runOf(
    campaignId: string,
    { app, scheme, mix }: { app: string; scheme: string; mix: string },
  ): Promise<string> {
    const asked = { campaignIds: [campaignId], apps: [app], schemes: [scheme], mixes: [mix] }
    const { rows } = await this.#client.library.runs({ ...asked, limit: 1 })
    return rows[0]?.id ?? ''
  }
}
