/** Opened files: dropped on the window, chosen in a dialog or opened with the app. */
import { kindOfFile } from './file-kind.ts'
import type { FileKind } from './file-kind.ts'
import type { Notices } from './notices.svelte.ts'

/** A file that somebody wants to open. `text` is null when it is not text or too large. */
export type GivenFile = {
  readonly name: string
  readonly text: string | null
  readonly kind: FileKind
}

/** Opens a file of some kind. */
export type FileHandler = (file: GivenFile) => void

/** Largest file whose text is read, bytes; a campaign file may have a megabyte. */
export const TEXT_MAX_BYTES = 1_000_000

const HEAD_BYTES = 64

/** Who opens which kind of file. A later handler of the same kind wins until it is taken back. */
export class OpenedFiles {
  readonly #notices: Notices
  readonly #handlers: (readonly [FileKind, FileHandler])[] = []

  constructor(notices: Notices) {
    this.#notices = notices
  }

  /** Opens files of a kind until the returned function is called. */
  handle(kind: FileKind, handler: FileHandler): () => void {
    const entry = [kind, handler] as const
    this.#handlers.push(entry)
    return () => {
      this.#handlers.splice(this.#handlers.indexOf(entry), 1)
    }
  }

  /** Lets the user choose a file and opens it. */
  choose(): void {
    const input = document.createElement('input')
    input.type = 'file'
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file !== undefined) this.#notices.start(() => this.open(file))
    })
    input.click()
  }

  /** Reads no more of a file than is needed to tell what it is, and hands it on. */
  async open(file: File): Promise<void> {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
    const isSmall = file.size <= TEXT_MAX_BYTES
    this.give(file.name, head, isSmall ? await file.text() : null)
  }

  /** Hands a file to whoever opens its kind. */
  give(name: string, head: Uint8Array, text: string | null): void {
    const kind = kindOfFile(name, head, text)
    const handler = this.#handlers.findLast(([handled]) => handled === kind)?.[1]
    handler?.({ name, text, kind })
  }
}
