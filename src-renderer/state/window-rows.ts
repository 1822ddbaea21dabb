/** Which rows of a long table are in sight. Pure, so that 75,000 rows cost as much as 40. */

/** First and last row to draw, both included; `last` < `first` when there is none. */
export type RowWindow = { readonly first: number; readonly last: number }

/** Rows drawn beyond each edge, so that scrolling shows no gap. */
const OVERSCAN = 8

/** The rows that a scroll position shows. Sizes in px. */
export function rowsInSight(
  scrollTopPx: number,
  viewPx: number,
  rowPx: number,
  total: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTopPx / rowPx) - OVERSCAN)
  const last = Math.min(total - 1, Math.ceil((scrollTopPx + viewPx) / rowPx) + OVERSCAN)
  return { first, last }
}

/** The scroll position at which a row is wholly in sight, nearest to the present one. */
export function scrollToRow(
  row: number,
  scrollTopPx: number,
  viewPx: number,
  rowPx: number,
): number {
  const topPx = row * rowPx
  if (topPx < scrollTopPx) return topPx
  return topPx + rowPx > scrollTopPx + viewPx ? topPx + rowPx - viewPx : scrollTopPx
}
