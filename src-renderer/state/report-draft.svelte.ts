/** ReportDraft: what goes into a report, as the user puts it together. */
import { REPORT_SECTION_KEYS, reportSection } from '../../src-main/core/contract/report.ts'
import type {
  Paper,
  ReportExport,
  ReportPart,
  ReportRequest,
  ReportSectionKey,
} from '../../src-main/core/contract/report.ts'

/** A line of the picker: a section of the app's, or a text of the user's. */
export type DraftPart = { readonly id: string; readonly isOn: boolean } & (
  | { readonly key: ReportSectionKey }
  | { readonly key: null; readonly title: string; readonly text: string }
)

const whole = (): DraftPart[] => REPORT_SECTION_KEYS.map((key) => ({ id: key, isOn: true, key }))

/** Whether a line belongs to the appendices, which come last. */
export const isAppendix = ({ key }: DraftPart): boolean =>
  key !== null && reportSection(key).isAppendix

/** Sections and their order, own texts, title, authors, paper. */
export class ReportDraft {
  title = $state('')
  authors = $state('')
  paper = $state<Paper>('a4')
  parts = $state.raw<readonly DraftPart[]>(whole())
  #texts = 0

  /** Every section in the usual order, and no own text. */
  get isWhole(): boolean {
    return (
      this.parts.length === REPORT_SECTION_KEYS.length &&
      this.parts.every(({ isOn, key }, at) => isOn && key === REPORT_SECTION_KEYS[at])
    )
  }

  get isEmpty(): boolean {
    return !this.parts.some(({ isOn }) => isOn)
  }

  /** Puts a line in or leaves it out. */
  toggle(id: string): void {
    this.#change(id, (part) => ({ ...part, isOn: !part.isOn }))
  }

  /** Changes a text of the user's. */
  write(id: string, words: { readonly title?: string; readonly text?: string }): void {
    this.#change(id, (part) => (part.key === null ? { ...part, ...words } : part))
  }

  /** Moves a line by one place among those of its kind. */
  move(id: string, by: 1 | -1): void {
    const at = this.parts.findIndex((part) => part.id === id)
    const here = this.parts[at]
    const there = this.parts[at + by]
    if (here === undefined || there === undefined) return
    if (isAppendix(here) !== isAppendix(there)) return
    const parts = [...this.parts]
    parts[at] = there
    parts[at + by] = here
    this.parts = parts
  }

  /** Adds a text of the user's before the sections. */
  addText(title: string): void {
    this.#texts += 1
    this.parts = [
      { id: `own-${this.#texts}`, isOn: true, key: null, title, text: '' },
      ...this.parts,
    ]
  }

  removeText(id: string): void {
    this.parts = this.parts.filter((part) => part.id !== id)
  }

  /** Everything, in the usual order. */
  reset(): void {
    this.parts = whole()
  }

  /** What is asked of the lab. */
  request(
    campaignId: string,
    baseline: string | undefined,
  ): Partial<ReportRequest> & {
    campaignId: string
  } {
    const title = this.title.trim()
    const authors = this.authors
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    return {
      campaignId,
      ...(baseline === undefined ? {} : { baseline }),
      ...(title === '' ? {} : { title }),
      ...(this.isWhole ? {} : { parts: this.#chosen() }),
      authors,
      paper: this.paper,
    }
  }

  /** Takes over what an earlier export was made of. */
  take({ request }: ReportExport): void {
    const { title = '', authors, paper, parts } = request
    this.title = title
    this.authors = authors.join(', ')
    this.paper = paper
    if (parts === undefined) this.reset()
    else this.#takeParts(parts)
  }

  #takeParts(parts: readonly ReportPart[]): void {
    const chosen = parts.map((part): DraftPart => {
      if (typeof part === 'string') return { id: part, isOn: true, key: part }
      this.#texts += 1
      return { id: `own-${this.#texts}`, isOn: true, key: null, ...part }
    })
    const others = whole().filter(({ id }) => !parts.some((part) => part === id))
    const all = [...chosen, ...others.map((part) => ({ ...part, isOn: false }))]
    this.parts = [...all.filter((part) => !isAppendix(part)), ...all.filter(isAppendix)]
  }

  #chosen(): ReportPart[] {
    return this.parts
      .filter(({ isOn }) => isOn)
      .map((part) => part.key ?? { title: part.title.trim() || '–', text: part.text })
  }

  #change(id: string, change: (part: DraftPart) => DraftPart): void {
    this.parts = this.parts.map((part) => (part.id === id ? change(part) : part))
  }
}
