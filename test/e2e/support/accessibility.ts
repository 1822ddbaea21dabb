/** A small audit of a page's accessibility: names, roles, headings. Runs inside the page. */
import type { Page } from 'playwright-core'

/** What is wrong on the page as it is now, each as one line; empty when nothing is. */
export function auditPage(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = []
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true })
    const show = (element: Element) => element.outerHTML.slice(0, 120)

    const nameOf = (element: Element): string => {
      const labels = (element as HTMLInputElement).labels
      const labelled = element.getAttribute('aria-labelledby')
      const byId = labelled === null ? null : document.getElementById(labelled)
      return [
        element.getAttribute('aria-label'),
        byId?.textContent,
        labels === null || labels === undefined ? null : [...labels].map((l) => l.textContent)[0],
        element.textContent,
        element.getAttribute('title'),
      ]
        .map((text) => text?.trim() ?? '')
        .join('')
    }

    const controls = 'button, a[href], input, select, textarea, [role="img"], [role="grid"], figure'
    for (const element of document.querySelectorAll(controls)) {
      if (isShown(element) && nameOf(element) === '') problems.push(`no name: ${show(element)}`)
    }
    for (const element of document.querySelectorAll('th')) {
      if (!isShown(element) || element.textContent.trim() !== '') continue
      if (element.querySelector('[aria-label]') === null)
        problems.push(`empty th: ${show(element)}`)
    }
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
    for (const id of twice) problems.push(`id twice: ${id}`)
    for (const selector of ['h1', 'main', 'nav']) {
      const count = [...document.querySelectorAll(selector)].filter(isShown).length
      if (selector === 'nav' ? count === 0 : count !== 1) problems.push(`${count} × ${selector}`)
    }
    if (document.title === '') problems.push('no title')
    if (document.documentElement.lang === '') problems.push('no language')
    return problems
  })
}
