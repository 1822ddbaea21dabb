/** Use cases about campaigns: plan, create, run, steer, watch. */
import { LabError } from '../core/base/lab-error.ts'
import type { Issue } from '../core/base/result.ts'
import { issuesUnder } from '../core/base/schema-issues.ts'
import type { Campaign } from '../core/contract/campaign.ts'
import type { Plan } from '../core/contract/handlers.ts'
import type { CampaignDetail, CampaignRow } from '../core/contract/library.ts'
import type { Progress, Queued } from '../core/contract/progress.ts'
import { checkScheme } from '../core/simulate/check-scheme.ts'
import { expandCampaign, leftOut } from '../core/simulate/expand-campaign.ts'
import type { CellPlan } from '../core/simulate/expand-campaign.ts'
import { readCampaign, readCampaignValue } from '../core/simulate/read-campaign.ts'
import { campaignFile } from './campaign-file.ts'
import type { LabContext } from './context.ts'
import { InputError, valueOf } from './input-error.ts'
import type { Changed } from './library.ts'
import { costGroup } from './runner/cell-table.ts'
import { WallTimes } from './runner/eta.ts'
import type { EtaMs } from './runner/eta.ts'

/** Earlier runs of an app and scheme from which a plan's cost is guessed. */
const HISTORY_RUNS = 20

/** Plan, create, run, steer and watch campaigns. */
export class CampaignCases {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** All campaigns, newest first. */
  list(): Promise<CampaignRow[]> {
    return this.#context.store.listCampaigns()
  }

  /** A campaign with its definition and cells. */
  get(id: string): Promise<CampaignDetail> {
    return this.#context.store.getCampaign(id)
  }

  /** The file of a campaign, every default filled in; it makes the same cells again. */
  async file(id: string): Promise<string> {
    return campaignFile((await this.get(id)).definition)
  }

  /** The text of a user's scheme that the campaign was made with. @throws LabError `not-found` */
  async schemeText(id: string, schemeId: string): Promise<string> {
    const { definition } = await this.get(id)
    for (const choice of definition.axes.scheme) {
      if (typeof choice === 'string' || choice.id !== schemeId) continue
      if (choice.code !== undefined) return choice.code.text
    }
    throw new LabError('not-found', `the campaign holds no code of a scheme "${schemeId}"`)
  }

  /** The campaign that a user means by an id, the start of one, a name, or `latest`. */
  async find(ref: string): Promise<CampaignRow> {
    return pick(ref, await this.list())
  }

  /** What a campaign file would do, or what is wrong with it. */
  async plan(text: string): Promise<Plan> {
    const { known } = this.#context.userFiles
    const read = readCampaign(text, known)
    if (!read.ok) return refusal(read.error, null)
    const expanded = expandCampaign(read.value, known)
    if (!expanded.ok) return refusal(expanded.error, read.value)
    const cells = expanded.value.map(({ index, factors, seed }) => ({ index, factors, seed }))
    return {
      issues: [],
      campaign: read.value,
      cells,
      leftOut: [...leftOut(read.value, known)],
      etaMs: await this.#guess(read.value, expanded.value),
    }
  }

  /** A campaign from a file's text. @throws InputError */
  read(text: string): Campaign {
    return valueOf(
      'the campaign file is refused',
      readCampaign(text, this.#context.userFiles.known),
    )
  }

  /** Stores a campaign and, unless told otherwise, starts it. @throws InputError */
  create(text: string, start: boolean): Promise<CampaignRow> {
    return this.createFrom(this.read(text), start)
  }

  /** Stores a campaign that was changed since it was read. @throws InputError */
  async createFrom(changed: Campaign, start: boolean): Promise<CampaignRow> {
    const { known } = this.#context.userFiles
    const campaign = valueOf('the campaign is refused', readCampaignValue(changed, known))
    const cells = valueOf('the campaign cannot be laid out', expandCampaign(campaign, known))
    await this.#requireHost(campaign)
    const row = await this.#context.store.createCampaign(campaign, cells)
    if (!start) return row
    try {
      await this.#context.runner.resume(row.id)
    } catch (error) {
      throw keptButNotStarted(row, error)
    }
    return { ...row, status: 'running' }
  }

  /** Takes no further cells; the active ones finish. */
  async pause(id: string): Promise<Changed> {
    return { changed: Number(await this.#context.runner.pause(id)) }
  }

  /** Starts, or goes on after a pause, a cancel or a crash. */
  async resume(id: string): Promise<Changed> {
    const { definition } = await this.#context.store.getCampaign(id)
    await this.#requireHost(definition)
    this.#requireSchemes(definition)
    return { changed: Number(await this.#context.runner.resume(id)) }
  }

  /** Stops the active cells within 200 ms; they are pending again. */
  async cancel(id: string): Promise<Changed> {
    return { changed: await this.#context.runner.cancel(id) }
  }

  /** Sets failed (or the named) cells back to pending and goes on. */
  async retry(id: string, cells: readonly number[]): Promise<Changed> {
    await this.#requireCells(id, cells)
    this.#requireSchemes((await this.#context.store.getCampaign(id)).definition)
    return { changed: await this.#context.runner.retry(id, cells) }
  }

  /** Leaves cells out. */
  async skip(id: string, cells: readonly number[]): Promise<Changed> {
    await this.#requireCells(id, cells)
    return { changed: await this.#context.runner.skip(id, cells) }
  }

  /** Campaigns that this process runs, in the order in which they were started. */
  queue(): Promise<Queued[]> {
    return this.#context.runner.queue()
  }

  /** Where a campaign stands. */
  progress(id: string): Promise<Progress> {
    return this.#context.runner.progress(id)
  }

  /** Where a campaign stands, now and on every change, until it rests. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<Progress, void> {
    return this.#context.runner.watch(id, signal)
  }

  /** Resolves when a campaign rests. @throws LabError when the library could not be written */
  rested(id: string): Promise<void> {
    return this.#context.runner.rested(id)
  }

  /** @throws LabError `not-found` for a cell that the campaign does not have */
  async #requireCells(id: string, indexes: readonly number[]): Promise<void> {
    if (indexes.length === 0) return
    const { cells } = (await this.#context.store.getCampaign(id)).row
    const unknown = indexes.find((index) => index >= cells)
    if (unknown === undefined) return
    const hint = `its cells are 0 … ${cells - 1}`
    throw new LabError('not-found', `the campaign has no cell ${unknown}`, hint)
  }

  /** @throws InputError when a user's scheme is not the one that the campaign was made with */
  #requireSchemes(definition: Campaign): void {
    const { known } = this.#context.userFiles
    const issues = definition.axes.scheme.flatMap((choice, i) =>
      typeof choice === 'string' || choice.code === undefined
        ? []
        : issuesUnder(`axes.scheme[${i}]`, checkScheme(choice, known)),
    )
    if (issues.length > 0) throw new InputError('the campaign cannot go on', issues)
  }

  /** @throws LabError `not-found` when the campaign is measured on a host that is not known */
  async #requireHost({ measured }: Campaign): Promise<void> {
    if (measured !== undefined) await this.#context.store.getHost(measured.host)
  }

  async #guess({ measured }: Campaign, cells: readonly CellPlan[]): Promise<EtaMs | null> {
    const history = new WallTimes()
    const kind = measured === undefined ? 'simulated' : 'measured'
    const earlier = await this.#context.store.wallHistory(HISTORY_RUNS, kind)
    for (const { app, scheme, wallMs } of earlier) {
      for (const ms of wallMs) history.add(costGroup({ app, scheme }), ms)
    }
    const open = new Map<string, number>()
    for (const { factors } of cells) {
      open.set(costGroup(factors), (open.get(costGroup(factors)) ?? 0) + 1)
    }
    return history.eta(open, measured === undefined ? this.#context.runner.workers : 1)
  }
}

/** Why a campaign that was stored does not run; how to start it is the hint. */
function keptButNotStarted(row: CampaignRow, error: unknown): unknown {
  if (!(error instanceof LabError) || error.code !== 'conflict') return error
  const hint = `the new campaign is kept; start it later: flexlab campaign resume ${row.id}`
  return new LabError(error.code, error.message, hint)
}

function refusal(issues: readonly Issue[], campaign: Campaign | null): Plan {
  return { issues: [...issues], campaign, cells: [], leftOut: [], etaMs: null }
}

function pick(ref: string, rows: readonly CampaignRow[]): CampaignRow {
  const [latest] = rows
  if (latest === undefined) {
    const hint = 'run one: flexlab campaign run flexcore-2015'
    throw new LabError('not-found', 'the library holds no campaign yet', hint)
  }
  if (ref === 'latest') return latest
  const exact = rows.find((row) => row.id === ref)
  if (exact !== undefined) return exact
  const named = rows.filter((row) => row.name === ref)
  return only(ref, named.length > 0 ? named : rows.filter((row) => row.id.startsWith(ref)))
}

function only(ref: string, found: readonly CampaignRow[]): CampaignRow {
  const [first, second] = found
  if (first === undefined) {
    const hint = 'give an id, the start of one, a name or "latest"; see: flexlab campaign list'
    throw new LabError('not-found', `there is no campaign "${ref}"`, hint)
  }
  if (second === undefined) return first
  const ids = found.map((row) => row.id).join(', ')
  throw new LabError('bad-input', `"${ref}" fits ${found.length} campaigns`, `one of: ${ids}`)
}
