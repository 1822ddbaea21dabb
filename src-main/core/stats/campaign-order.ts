/** The order of a campaign's axes, in which groups and schemes are shown, whatever ran first. */
import type { Campaign, Factors } from '../contract/campaign.ts'
import { schemeLabel } from '../contract/scheme-label.ts'

/** Places of a cell's factors on their axes; what is on no axis comes last. */
function placesOf({ axes }: Campaign, { app, mix, overcommit, vary, scheme }: Factors): number[] {
  const place = (at: number): number => (at < 0 ? Infinity : at)
  const level = ({ values = [], levels = [] }: (typeof axes.vary)[number], value: unknown) =>
    Math.max(values.indexOf(value as never), levels.map(({ name }) => name).indexOf(String(value)))
  return [
    place(axes.app.indexOf(app)),
    place(axes.mix.findIndex(({ name }) => name === mix)),
    overcommit === null ? 0 : place(axes.overcommit.indexOf(overcommit)),
    ...axes.vary.map((axis) => place(level(axis, vary[axis.name]))),
    place(axes.scheme.map(schemeLabel).indexOf(scheme)),
  ]
}

/** Compares cells by the campaign's axes, the scheme last. */
export const byAxes =
  (campaign: Campaign) =>
  (a: Factors, b: Factors): number => {
    const [left, right] = [placesOf(campaign, a), placesOf(campaign, b)]
    const at = left.findIndex((place, i) => place !== right[i])
    return at < 0 ? 0 : left[at]! - right[at]!
  }
