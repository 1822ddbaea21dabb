/** Finding the controls that the tour speaks of, by their role and name, on the page as it is. */
import type { TourAction } from './tour-steps.ts'

const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true })

const nameOf = (element: Element): string =>
  (element.getAttribute('aria-label') ?? element.textContent).trim().replaceAll(/\s+/g, ' ')

const ROLES = { button: '.screen button', link: '.screen a[href]' } as const

function find<E extends Element = HTMLElement>(
  root: ParentNode,
  selector: string,
  fits: (element: E) => boolean,
): E | null {
  return [...root.querySelectorAll<E>(selector)].find((e) => isShown(e) && fits(e)) ?? null
}

const selectOf = (root: ParentNode, label: string): HTMLSelectElement | null =>
  find<HTMLSelectElement>(root, '.screen select', ({ labels }) =>
    [...labels].some((l) => l.textContent.trim().startsWith(label)),
  )

/** The control of an action; null while it is not there. */
export function tourTarget(action: TourAction, root: ParentNode): HTMLElement | null {
  switch (action.kind) {
    case 'open':
      return find(root, 'nav a[href]', (element) => nameOf(element) === action.name)
    case 'press':
      return find(root, ROLES[action.role], (element) => nameOf(element) === action.name)
    case 'choose': {
      const button = find(root, ROLES.button, (element) => nameOf(element).startsWith(action.name))
      return button ?? selectOf(root, action.select)
    }
    case 'wait':
      return find(root, action.selector, ({ textContent }) => textContent.includes(action.name))
  }
}

/** Whether what an action asks for shows on the page, however it came about. */
export function isTourActionSeen(action: TourAction, root: ParentNode): boolean {
  if (action.kind === 'wait') return tourTarget(action, root) !== null
  if (action.kind === 'open') return tourTarget(action, root)?.ariaCurrent === 'page'
  if (action.kind !== 'choose') return false
  const option = selectOf(root, action.select)?.selectedOptions[0]
  return option !== undefined && option.textContent.trim() === action.name
}
