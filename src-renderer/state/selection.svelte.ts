/** Selection: which rows of a table are chosen, and where the keyboard stands. */

/** Modifier keys of a click or a key press. */
export type Modifiers = { readonly shift: boolean; readonly toggle: boolean }

/** Chosen ids, with the row that moves (cursor) and the row that stays (anchor) of a range. */
export class Selection {
  ids = $state.raw<ReadonlySet<string>>(new Set())
  cursor = $state(-1)
  #anchor = -1

  get count(): number {
    return this.ids.size
  }

  /** The one chosen id, when it is one. */
  get only(): string | null {
    return this.ids.size === 1 ? ([...this.ids][0] ?? null) : null
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  /** The row where a range begins; −1 when none was chosen yet. */
  get anchor(): number {
    return this.#anchor
  }

  /** Chooses the row at `index`; `idAt` names the rows of a range. */
  choose(index: number, idAt: (index: number) => string | undefined, keys: Modifiers): void {
    const id = idAt(index)
    this.cursor = index
    if (keys.shift && this.#anchor >= 0) {
      this.ids = new Set(idsBetween(this.#anchor, index, idAt))
      return
    }
    this.#anchor = index
    if (id === undefined) return
    this.ids = keys.toggle ? toggled(this.ids, id) : new Set([id])
  }

  /** Chooses one row by its id, e.g. from a link. */
  set(id: string, index: number): void {
    this.ids = new Set([id])
    this.cursor = index
    this.#anchor = index
  }

  /** Chooses many; cursor and anchor stay. */
  setAll(ids: readonly string[]): void {
    this.ids = new Set(ids)
  }

  clear(): void {
    this.ids = new Set()
    this.cursor = -1
    this.#anchor = -1
  }
}

function idsBetween(a: number, b: number, idAt: (index: number) => string | undefined): string[] {
  const ids: string[] = []
  for (let i = Math.min(a, b); i <= Math.max(a, b); i += 1) {
    const id = idAt(i)
    if (id !== undefined) ids.push(id)
  }
  return ids
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}
