/** axis-points: the product of a campaign's axes as indices. */
import type { Campaign } from '../contract/campaign.ts'
import { schemeLabel } from '../contract/scheme-label.ts'
import { levelsOf } from './vary-levels.ts'

/** One point of the axes, by index; `app` and `overcommit` are null where the axis is empty. */
export type Point = {
  readonly app: number | null
  readonly mix: number
  readonly overcommit: number | null
  readonly vary: readonly number[]
  readonly scheme: number
}

const indices = (length: number): readonly number[] => Array.from({ length }, (_, i) => i)
const optional = (length: number): readonly (number | null)[] =>
  length === 0 ? [null] : indices(length)

/** Whether a mix is run under a scheme. */
function isRun({ axes }: Campaign, { mix, scheme }: Point): boolean {
  const only = axes.mix[mix]?.schemes
  return only === undefined || only.includes(schemeLabel(axes.scheme[scheme] ?? ''))
}

/** All points, the scheme changing fastest, so that schemes run side by side. */
export function axisPoints(campaign: Campaign): readonly Point[] {
  return product(campaign).filter((point) => isRun(campaign, point))
}

function product({ axes }: Campaign): readonly Point[] {
  const varied = axes.vary.reduce<readonly (readonly number[])[]>(
    (heads, vary) =>
      heads.flatMap((head) => indices(levelsOf(vary).length).map((i) => [...head, i])),
    [[]],
  )
  return optional(axes.app.length).flatMap((app) =>
    indices(axes.mix.length).flatMap((mix) =>
      optional(axes.overcommit.length).flatMap((overcommit) =>
        varied.flatMap((vary) =>
          indices(axes.scheme.length).map((scheme) => ({ app, mix, overcommit, vary, scheme })),
        ),
      ),
    ),
  )
}
