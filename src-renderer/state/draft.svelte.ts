/** Draft: the campaign text being edited. It outlives the screen and a reload of the page. */

const KEY = 'flexlab.draft'

/** The text is the truth; the form reads and edits it. */
export class Draft {
  #text = $state(window.sessionStorage.getItem(KEY) ?? '')

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    window.sessionStorage.setItem(KEY, text)
  }
}
