/** Theme: the system's light or dark unless the user chose one; kept in this browser. */

const KEY = 'flexlab.theme'

/** What the user can choose. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const
/** One of the choices. */
export type ThemeChoice = (typeof THEME_CHOICES)[number]

/** The chosen and the resolved theme; writes both to the root element for the style sheets. */
export class Theme {
  #choice = $state<ThemeChoice>('system')
  #systemDark = $state(false)

  constructor() {
    const query = window.matchMedia('(prefers-color-scheme: dark)')
    const stored = window.localStorage.getItem(KEY)
    this.#choice = THEME_CHOICES.find((choice) => choice === stored) ?? 'system'
    this.#systemDark = query.matches
    this.#apply()
    query.addEventListener('change', () => {
      this.#systemDark = query.matches
      this.#apply()
    })
  }

  get choice(): ThemeChoice {
    return this.#choice
  }

  /** What is drawn now. */
  get resolved(): 'light' | 'dark' {
    if (this.#choice !== 'system') return this.#choice
    return this.#systemDark ? 'dark' : 'light'
  }

  /** Chooses and remembers. */
  choose(choice: ThemeChoice): void {
    this.#choice = choice
    window.localStorage.setItem(KEY, choice)
    this.#apply()
  }

  /** Light to dark and back, whatever was chosen. */
  toggle(): void {
    this.choose(this.resolved === 'dark' ? 'light' : 'dark')
  }

  #apply(): void {
    const root = document.documentElement
    root.dataset.theme = this.#choice
    root.dataset.resolved = this.resolved
  }
}
