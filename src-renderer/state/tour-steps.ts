/**
 * The tour as data: five steps of the main job, each a few actions on controls by their names. The
 * card shows them and finds the controls; the end-to-end test does exactly the same actions.
 */
import type { Screen } from '../../src-main/core/contract/screens.ts'
import type { Texts } from '../strings/texts.ts'

/** Template that the tour runs. */
export const TOUR_TEMPLATE = 'two-schemes'

/** What is done in a step. `name`: of the control, as people and screen readers read it. */
export type TourAction = { readonly text: string } & (
  | { readonly kind: 'open'; readonly name: string }
  /** A button whose name begins with the option, or the option of a select. */
  | { readonly kind: 'choose'; readonly name: string; readonly select: string }
  /** `leads`: to be on that screen will do as well. */
  | {
      readonly kind: 'press'
      readonly role: 'button' | 'link'
      readonly name: string
      readonly leads?: Screen
    }
  | { readonly kind: 'wait'; readonly selector: string; readonly name: string }
)

/** A step, on one screen. */
export type TourStep = {
  readonly key: string
  readonly screen: Screen
  readonly title: string
  readonly text: string
  readonly actions: readonly TourAction[]
}

/** The five steps, in the words of a language; `template`: the title of TOUR_TEMPLATE. */
export function tourSteps(strings: Texts, template: string): readonly TourStep[] {
  const { tour, screens, campaign, live, compare } = strings
  const press = (role: 'button' | 'link', name: string, leads?: Screen): TourAction => ({
    ...{ kind: 'press', role, name, ...(leads === undefined ? {} : { leads }) },
    text: tour.press(name),
  })
  const wait = (selector: string, name: string, text: string): TourAction => ({
    ...{ kind: 'wait', selector, name, text },
  })
  const choose: TourAction = {
    ...{ kind: 'choose', name: template, select: campaign.template },
    text: tour.choose(template),
  }
  const open: TourAction = {
    ...{ kind: 'open', name: screens.campaign },
    text: tour.open(screens.campaign),
  }
  const finished = wait('header [data-status="finished"]', '', tour.waitFinished)
  const figures = wait('main canvas', '', tour.waitFigures)
  const saved = wait('.toast', '.pdf', tour.waitSaved)
  const step = (
    key: 'choice' | 'run' | 'watch' | 'compare' | 'report',
    screen: Screen,
    actions: readonly TourAction[],
  ): TourStep => ({ key, screen, ...tour[key], actions })
  return [
    step('choice', 'campaign', [open, choose]),
    step('run', 'campaign', [press('button', campaign.run)]),
    step('watch', 'live', [finished]),
    step('compare', 'live', [press('link', live.compare, 'compare'), figures]),
    step('report', 'compare', [press('button', compare.exportPdf), saved]),
  ]
}
