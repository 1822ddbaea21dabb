/** Layout: whether the inspector is open how wide, and what lies over the frame; kept here. */

const OPEN_KEY = 'flexlab.inspector'
const WIDTH_KEY = 'flexlab.inspector-width'

/** The inspector's width can be chosen between these, px. */
export const INSPECTOR_PX = { least: 240, most: 640 } as const

/** What can lie over the frame. */
export type Overlay = 'none' | 'palette' | 'shortcuts' | 'menu'

/** A comparison: of a campaign, against a baseline. */
export type Compared = { readonly campaignId: string; readonly baseline: string }

/** The parts of the frame that a user can fold away or size, and the overlays over it. */
export class Layout {
  inspectorOpen = $state(window.localStorage.getItem(OPEN_KEY) !== 'closed')
  /** As the user chose it, px; null: as the style sheet has it. */
  inspectorPx = $state<number | null>(readWidth())
  overlay = $state<Overlay>('none')
  /** What was compared last, which a report starts from. */
  compared = $state.raw<Compared | null>(null)

  toggleInspector(): void {
    this.inspectorOpen = !this.inspectorOpen
    window.localStorage.setItem(OPEN_KEY, this.inspectorOpen ? 'open' : 'closed')
  }

  /** Sets the inspector's width, within its bounds; null: back to the style sheet's. */
  sizeInspector(px: number | null): void {
    this.inspectorPx = px === null ? null : withinBounds(px)
    if (this.inspectorPx === null) window.localStorage.removeItem(WIDTH_KEY)
    else window.localStorage.setItem(WIDTH_KEY, String(this.inspectorPx))
  }

  /** Opens a sheet, or closes it when it is the open one. */
  show(overlay: Overlay): void {
    this.overlay = this.overlay === overlay ? 'none' : overlay
  }
}

const withinBounds = (px: number): number =>
  Math.round(Math.min(INSPECTOR_PX.most, Math.max(INSPECTOR_PX.least, px)))

function readWidth(): number | null {
  const px = Number(window.localStorage.getItem(WIDTH_KEY))
  return Number.isFinite(px) && px > 0 ? withinBounds(px) : null
}
