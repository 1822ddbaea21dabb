/** Places names beside points, clear of marks and of each other; who comes first gets the room. */

/** A name and its point, px. */
export type LabelledPoint = { readonly text: string; readonly x: number; readonly y: number }

/** A name that found room, left or right of its point. */
export type PlacedLabel = { readonly index: number; readonly isLeft: boolean }

/** Width of a character over the font's size, a little more than the mean of Source Sans. */
const CHARACTER_EM = 0.55

type Box = { readonly from: number; readonly to: number; readonly y: number }

/** The names that find room: to the right of their points, else to the left. */
export function placeLabels(
  points: readonly LabelledPoint[],
  marks: readonly { readonly x: number; readonly y: number }[],
  { widthPx, fontSize, gapPx }: { widthPx: number; fontSize: number; gapPx: number },
): readonly PlacedLabel[] {
  const half = gapPx / 2
  const taken: Box[] = marks.map(({ x, y }) => ({ from: x - half, to: x + half, y }))
  return points.flatMap(({ text, x, y }, index): readonly PlacedLabel[] => {
    const textPx = text.length * fontSize * CHARACTER_EM
    for (const isLeft of [false, true]) {
      const from = isLeft ? x - gapPx - textPx : x + gapPx
      const box = { from, to: from + textPx, y }
      const isFree = taken.every(
        (other) =>
          box.to < other.from || box.from > other.to || Math.abs(other.y - y) > fontSize * 1.1,
      )
      if (!isFree || box.from < 0 || box.to > widthPx) continue
      taken.push(box)
      return [{ index, isLeft }]
    }
    return []
  })
}
