/** Draft: the campaign text being edited. It outlives the screen and a reload of the page. */

const KEY = 'flexlab.draft'
const KEPT_KEY = 'flexlab.draft-kept'

/** The text is the truth; the form reads and edits it. */
export class Draft {
  #text = $state(window.sessionStorage.getItem(KEY) ?? '')
  #kept = $state(window.sessionStorage.getItem(KEPT_KEY) ?? '')
  /** Grows whenever another text was loaded into it. */
  loads = $state(0)

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    window.sessionStorage.setItem(KEY, text)
  }

  /** Whether it holds work that is in no file, template or campaign. */
  get isDirty(): boolean {
    return this.#text.trim() !== '' && this.#text !== this.#kept
  }

  /** Replaces it by a text that is kept elsewhere: a file, a template, a campaign. */
  load(text: string): void {
    this.text = text
    this.keep()
    this.loads += 1
  }

  /** Its text has been kept elsewhere now. */
  keep(): void {
    this.#kept = this.#text
    window.sessionStorage.setItem(KEPT_KEY, this.#text)
  }
}
