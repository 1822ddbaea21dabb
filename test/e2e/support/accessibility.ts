/** Holds a page to WCAG 2.2 AA with axe-core, as it is drawn now, and to a few things beside it. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

type Axe = typeof axe

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What is wrong on the page, each as one line: rule, element, why; empty when nothing is. */
export async function auditPage(page: Page): Promise<string[]> {
  // Halfway through a transition colours have contrasts that nobody sees for long.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const isLoaded = await page.evaluate(() => 'axe' in globalThis)
  if (!isLoaded) await page.evaluate(axe.source)
  const violations = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: Axe }
    // The target of a labelled box is its label, which axe does not measure.
    const isInLargeLabel = (id: string, target: unknown[]): boolean => {
      const label = document.querySelector(String(target[0]))?.closest('label')
      const { width = 0, height = 0 } = label?.getBoundingClientRect() ?? {}
      return id === 'target-size' && Math.min(width, height) >= 24
    }
    // Where its place on an axis is the information, a larger target would hide its neighbours
    // (WCAG 2.5.8, essential).
    const isPlotted = (id: string, target: unknown[]): boolean => {
      const plot = document.querySelector(String(target[0]))?.closest('[data-plot]') ?? null
      return id === 'target-size' && plot !== null
    }
    const results = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
    return results.violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !isInLargeLabel(id, target) && !isPlotted(id, target))
        .map(({ html, failureSummary = '' }) => {
          const why = failureSummary.replaceAll(/\s+/g, ' ').slice(0, 160)
          return `${id}: ${html.slice(0, 120)}: ${why}`
        }),
    )
  }, TAGS)
  return [...violations, ...(await auditNames(page))]
}

/** What axe leaves open: chart canvases and figures without a name, a page without a title. */
function auditNames(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = []
    for (const element of document.querySelectorAll('figure, canvas')) {
      const named = element.closest('[aria-label], [aria-labelledby], [aria-hidden="true"]')
      const isShown = element.checkVisibility({ visibilityProperty: true })
      if (isShown && named === null) problems.push(`no name: ${element.outerHTML.slice(0, 120)}`)
    }
    if (document.title === '') problems.push('no title')
    return problems
  })
}
