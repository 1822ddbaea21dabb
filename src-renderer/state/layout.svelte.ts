/** Layout: whether the inspector is open; kept in this browser. */

const KEY = 'flexlab.inspector'

/** The parts of the frame that a user can fold away, and the overlays over it. */
export class Layout {
  inspectorOpen = $state(window.localStorage.getItem(KEY) !== 'closed')
  overlay = $state<'none' | 'palette' | 'shortcuts'>('none')

  toggleInspector(): void {
    this.inspectorOpen = !this.inspectorOpen
    window.localStorage.setItem(KEY, this.inspectorOpen ? 'open' : 'closed')
  }
}
