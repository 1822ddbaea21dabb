/** PowerPlanner: the question to a pilot campaign, and what it says of the repetitions needed. */
import type { LabClient } from '../bridge/index.ts'
import type { CampaignRow } from '../../src-main/core/contract/library.ts'
import type { PowerPlan } from '../../src-main/core/contract/power.ts'
import { problemOf } from './problem.ts'
import type { Problem } from './problem.ts'
import type { Notices } from './notices.svelte.ts'

/** The campaign that is planned. */
export type PlannedShape = { readonly comparisons: number; readonly cells: number }

/** The state of the planner's panel. */
export class PowerPlanner {
  pilots = $state.raw<readonly CampaignRow[] | null>(null)
  plan = $state.raw<PowerPlan | null>(null)
  /** Why there is no plan. */
  problem = $state.raw<Problem | null>(null)
  isAsking = $state(false)
  pilotId = $state('')
  /** Smallest change worth finding, and the chance of finding it: percent. */
  effectPercent = $state(3)
  powerPercent = $state(80)
  #asked = ''
  readonly #client: LabClient
  readonly #notices: Notices

  constructor(client: LabClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Loads the campaigns that can be pilots; the newest is chosen. */
  load(): void {
    this.#notices.start(async () => {
      const rows = await this.#client.campaign.list()
      this.pilots = rows.filter(({ finished }) => finished > 0)
      if (this.pilots.every(({ id }) => id !== this.pilotId)) {
        this.pilotId = this.pilots[0]?.id ?? ''
      }
    })
  }

  /** Asks for a campaign of this shape. */
  ask({ comparisons, cells }: PlannedShape): void {
    const { pilotId, effectPercent, powerPercent } = this
    if (pilotId === '' || comparisons < 1 || cells < 1) return
    const query = {
      ...{ pilotId, comparisons, cells },
      ...{ effect: effectPercent / 100, power: powerPercent / 100 },
    }
    const asked = JSON.stringify(query)
    if (asked === this.#asked) return
    this.#asked = asked
    this.isAsking = true
    this.#notices.start(async () => {
      try {
        const plan = await this.#client.compare.power(query)
        if (asked === this.#asked) [this.plan, this.problem] = [plan, null]
      } catch (error) {
        if (asked === this.#asked) [this.plan, this.problem] = [null, problemOf(error)]
      } finally {
        if (asked === this.#asked) this.isAsking = false
      }
    })
  }
}
