/**
 * Closing while a host is measured or held asks: keep running without a window, stop and put the
 * host back, or stay. Simulations need no question: they go on where they were at the next start.
 */
import type { Dialog } from 'electron'
import type { ClosingTexts } from '../../core/contract/desktop-texts.ts'
import type { Activity } from '../../core/contract/system.ts'
import type { AppWindow } from './desktop-app.ts'

/** What closing depends on. */
export type ClosingOptions = {
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly activity: () => Promise<Activity>
  readonly texts: () => ClosingTexts
  /** Ends the window or, when the whole app was asked to end, the app. */
  readonly leave: () => void
  /** How often a campaign that runs without a window is looked at, ms. */
  readonly lookEveryMs: number
}

/** In the order of the buttons. */
const ANSWERS = ['keep', 'stop', 'cancel'] as const

/** Whether something goes on at a host that the end of the app would stop. */
export const isRemote = ({ running, held }: Activity): boolean =>
  held.length > 0 || running.some(({ host }) => host !== null)

/** The question of one window. */
export class Closing {
  readonly #options: ClosingOptions
  #isAgreed = false
  #isAsking = false

  constructor(options: ClosingOptions) {
    this.#options = options
  }

  /** Handles the window's `close`: lets it happen once it is agreed to. */
  handle(event: { preventDefault: () => void }, window: AppWindow): void {
    if (this.#isAgreed) return
    event.preventDefault()
    if (this.#isAsking) return
    this.#isAsking = true
    this.#decide(window)
      .catch((error: unknown) => {
        // A lab that cannot say what it does must not keep its window open for ever.
        console.error(error)
        this.#agree()
      })
      .finally(() => {
        this.#isAsking = false
      })
  }

  /** The user stayed after all: the next `close` asks again. */
  stay(): void {
    this.#isAgreed = false
  }

  async #decide(window: AppWindow): Promise<void> {
    const { dialog, texts, activity } = this.#options
    if (!isRemote(await activity())) return this.#agree()
    const { message, detail, keep, stop, cancel } = texts()
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message,
      detail,
      buttons: [keep, stop, cancel],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    })
    const answer = ANSWERS[response]
    if (answer === 'stop') this.#agree()
    if (answer === 'keep') await this.#keepRunning(window)
  }

  /** Hides the window until nothing runs any more; whoever opens it meanwhile has it back. */
  async #keepRunning(window: AppWindow): Promise<void> {
    window.hide()
    while (!window.isVisible()) {
      if (!isRemote(await this.#options.activity())) return this.#agree()
      await new Promise((resolve) => setTimeout(resolve, this.#options.lookEveryMs))
    }
  }

  #agree(): void {
    this.#isAgreed = true
    this.#options.leave()
  }
}
