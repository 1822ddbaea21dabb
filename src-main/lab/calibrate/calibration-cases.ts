/** Use cases about calibrations: measure a host, keep what comes of it, hold it against runs. */
import { LabError } from '../../core/base/lab-error.ts'
import {
  calibratedHost,
  calibrationRow,
  makeCalibration,
} from '../../core/calibrate/calibration.ts'
import { calibratedFacts, staleFacts } from '../../core/calibrate/host-facts.ts'
import type {
  CalibratedHost,
  Calibration,
  CalibrationDetail,
  CalibrationProgress,
  CalibrationRow,
  Prediction,
  StaleFact,
} from '../../core/contract/calibration.ts'
import type { Replay } from '../../core/contract/replay.ts'
import type { SchemeRef } from '../../core/contract/scenario.ts'
import type { Store } from '../../store/index.ts'
import type { LabContext } from '../context.ts'
import type { Changed } from '../library.ts'
import type { UseHost } from './agent-calls.ts'
import { measureHost } from './measure-host.ts'
import type { CalibrationHooks } from './measure-host.ts'
import { ProgressQueue } from './progress-queue.ts'
import { predictCampaign } from './predict-campaign.ts'
import type { PredictionHooks } from './predict-campaign.ts'
import { replayRun, requireMeasured } from './replay-run.ts'

/** The presets of the library's calibrations, by name. */
export async function calibratedHosts(
  store: Pick<Store, 'listCalibrations'>,
): Promise<Map<string, CalibratedHost>> {
  const all = await store.listCalibrations()
  return new Map(all.map((calibration) => [calibration.name, calibratedHost(calibration)]))
}

/** What is calibrated, and under which name it is kept. */
export type CalibrationOrder = {
  readonly host: string
  /** The host's name unless given. */
  readonly name?: string | undefined
  /** The first guest that fits unless given. */
  readonly vm?: string | undefined
}

/** Calibrates hosts and predicts measured campaigns. */
export class CalibrationCases {
  readonly #context: LabContext
  readonly #calibrated: Map<string, CalibratedHost>
  readonly #useHost: UseHost

  /** `calibrated`: what presets may name; a new calibration is put there, too. */
  constructor(context: LabContext, calibrated: Map<string, CalibratedHost>, useHost: UseHost) {
    this.#context = context
    this.#calibrated = calibrated
    this.#useHost = useHost
  }

  /** Newest first. */
  async list(): Promise<CalibrationRow[]> {
    return (await this.#context.store.listCalibrations()).map(calibrationRow)
  }

  /** A calibration, and what has changed on its host by the last look at it. */
  async get(name: string): Promise<CalibrationDetail> {
    const calibration = await this.#context.store.getCalibration(name)
    return { calibration, stale: [...(await this.#stale(calibration))] }
  }

  /** Forgets a calibration. Runs that were made with it hold its costs themselves. */
  async remove(name: string): Promise<Changed> {
    this.#calibrated.delete(name)
    return { changed: await this.#context.store.removeCalibration(name) }
  }

  /**
   * Measures a host and keeps the calibration, in place of an earlier one of its name.
   * @throws LabError `unavailable`, `conflict`, `cancelled`; the host is put back in any case
   */
  async run(
    { host, name = host, vm }: CalibrationOrder,
    hooks: CalibrationHooks = {},
  ): Promise<Calibration> {
    const startedMs = Date.now()
    const now = () => new Date()
    const found = await this.#useHost(host, `calibration of ${host}`, (agent) =>
      measureHost(agent, vm ?? null, now, hooks),
    )
    const calibration = makeCalibration({
      ...{ name, host, ...found, createdAt: now().toISOString() },
      tookMs: Date.now() - startedMs,
    })
    await this.#context.store.saveCalibration(calibration)
    this.#calibrated.set(name, calibratedHost(calibration))
    return calibration
  }

  /** As `run`: how far it is, and at last the calibration. Leaving early cancels it. */
  async *follow(
    order: CalibrationOrder,
    signal?: AbortSignal,
  ): AsyncGenerator<{ progress: CalibrationProgress } | { calibration: Calibration }, void> {
    const ending = new AbortController()
    const end = () => ending.abort()
    if (signal?.aborted === true) end()
    signal?.addEventListener('abort', end)
    const feed = new ProgressQueue<CalibrationProgress>()
    const run = this.run(order, { signal: ending.signal, onProgress: (each) => feed.put(each) })
    void run.finally(() => feed.close()).catch(() => undefined)
    try {
      for await (const progress of feed) yield { progress }
      yield { calibration: await run }
    } finally {
      signal?.removeEventListener('abort', end)
      end()
      await run.catch(() => undefined)
    }
  }

  /**
   * A measured campaign's cells beside the same cells simulated with a calibration: the one named,
   * else that of the campaign's host.
   * @throws LabError `bad-input` for a campaign that was not measured, `not-found`, `cancelled`
   */
  async predict(
    campaignId: string,
    name: string | null,
    seeds: number,
    hooks: PredictionHooks = {},
  ): Promise<Prediction> {
    const detail = await this.#context.store.getCampaign(campaignId)
    const { measured } = detail.definition
    if (measured === undefined) {
      const hint = 'a prediction is held against what was measured'
      throw new LabError('bad-input', `${detail.row.name} was simulated, not measured`, hint)
    }
    const calibration = await this.#context.store.getCalibration(name ?? measured.host)
    const stale = await this.#stale(calibration)
    return predictCampaign(this.#context, { detail, calibration, stale, seeds }, hooks)
  }

  /**
   * A measured run under another scheme, simulated with the calibration that is named, else that
   * of its host. @throws LabError `bad-input` for one not measured, `not-found`, `cancelled`
   */
  async replay(
    runId: string,
    scheme: SchemeRef,
    { calibration: name, seeds }: { readonly calibration: string | null; readonly seeds: number },
    hooks: PredictionHooks = {},
  ): Promise<Replay> {
    const { store } = this.#context
    const run = await store.getRun(runId)
    const { campaignId, host } = requireMeasured(run)
    const detail = await store.getCampaign(campaignId)
    const calibration = await store.getCalibration(name ?? host)
    const stale = await this.#stale(calibration)
    return replayRun(this.#context, { run, scheme, detail, calibration, stale, seeds }, hooks)
  }

  async #stale(calibration: Calibration): Promise<readonly StaleFact[]> {
    const hosts = await this.#context.store.listHosts()
    const probe = hosts.find((host) => host.name === calibration.host)?.probe
    const vm = probe?.vms?.find((each) => each.name === calibration.vm)
    const facts = probe?.facts ?? null
    if (facts === null || vm === undefined) return []
    return staleFacts(calibration, calibratedFacts(facts, vm))
  }
}
