/** Finder: the search of a timeline, hit by hit, from what is shown or was found last. */
import type { LabClient } from '../../bridge/index.ts'
import { strings } from '../../strings/index.ts'
import type { Pane } from './pane.svelte.ts'
import { readSearch } from './search.ts'

/** One search field. */
export class Finder {
  text = $state('')
  /** What came of the last search. */
  message = $state('')
  isLooking = $state(false)
  readonly #client: LabClient
  #last: { readonly text: string; readonly ns: number; readonly track: number } | null = null

  constructor(client: LabClient) {
    this.#client = client
  }

  /** Goes to the next or previous hit. */
  async go(pane: Pane, backwards: boolean): Promise<void> {
    const { text } = this
    const meaning = readSearch(text, pane.data.layout)
    this.message = ''
    if (text.trim() === '') return
    if (meaning === null) {
      this.message = strings.timeline.searchUnknown
      return
    }
    if (meaning.search === null) this.#goToTrack(pane, meaning.tracks, backwards)
    else await this.#goToHit(pane, meaning.search, backwards)
  }

  /** Tracks that were named come one after the other. */
  #goToTrack(pane: Pane, tracks: readonly number[], backwards: boolean): void {
    const isSame = this.#last?.text === this.text
    const at = isSame ? tracks.indexOf(this.#last!.track) : backwards ? 0 : -1
    const next = (at + (backwards ? -1 : 1) + tracks.length) % tracks.length
    const track = tracks[next]!
    this.#last = { text: this.text, ns: pane.view.fromNs, track }
    this.message = strings.timeline.searchTrack(pane.nameOf(track), next + 1, tracks.length)
    pane.reveal(track)
    const ns = Math.max(0, (pane.view.fromNs + pane.view.toNs) / 2)
    void pane.select(track, ns)
  }

  async #goToHit(
    pane: Pane,
    search: NonNullable<NonNullable<ReturnType<typeof readSearch>>['search']>,
    backwards: boolean,
  ): Promise<void> {
    const { runId } = pane.data
    const isSame = this.#last?.text === this.text
    const edge = backwards ? pane.view.toNs : pane.view.fromNs
    const start = isSame ? this.#last! : { ns: Math.round(edge), track: -1 }
    this.isLooking = true
    try {
      const { ns: atNs, track: atTrack } = start
      const hit = await this.#client.trace.find({ runId, search, atNs, atTrack, backwards })
      if (hit === null) {
        this.message = backwards ? strings.timeline.noEarlier : strings.timeline.noLater
        return
      }
      this.#last = { text: this.text, ns: hit.startNs, track: hit.track }
      pane.centre(hit.startNs, hit.startNs + hit.ns)
      pane.reveal(hit.track)
      this.message = strings.timeline.searchHit(pane.nameOf(hit.track))
      await pane.select(hit.track, hit.startNs)
    } finally {
      this.isLooking = false
    }
  }
}
