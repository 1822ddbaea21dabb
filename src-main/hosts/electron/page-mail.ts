/** What waits for the page: links and files that were opened before it could listen. */
import { FILE_CHANNEL, LINK_CHANNEL } from '../../core/contract/desktop.ts'
import type { Opened } from './opened.ts'

type Send = (channel: string, content: unknown) => void

/** Hands things to the page, at once or when it is there. */
export class PageMail {
  readonly #waiting: (readonly [channel: string, content: unknown])[] = []
  #send: Send | null = null

  /** Puts what was opened into the page's post. */
  add({ hashes, files }: Opened): void {
    for (const hash of hashes) this.#deliver(LINK_CHANNEL, hash)
    for (const file of files) this.#deliver(FILE_CHANNEL, file)
  }

  /** The page listens now. */
  open(send: Send): void {
    this.#send = send
    for (const [channel, content] of this.#waiting.splice(0)) send(channel, content)
  }

  /** The page is gone; the next one gets what comes meanwhile. */
  close(): void {
    this.#send = null
  }

  #deliver(channel: string, content: unknown): void {
    if (this.#send === null) this.#waiting.push([channel, content])
    else this.#send(channel, content)
  }
}
