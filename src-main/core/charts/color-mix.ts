/** Arithmetic on `#rrggbb` colours: mixing, luminance, and the ink that reads on them. */

const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16)

/** A colour between two `#rrggbb` colours; `t` 0 … 1. */
export function mixColors(from: string, to: string, t: number): string {
  const mixed = [1, 3, 5].map((at) =>
    Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * t),
  )
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance of `#rrggbb` (WCAG 2), 0 … 1. */
export function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = channel(color, at) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Black or white, whichever reads better on `color`. */
export const inkOn = (color: string): string => (luminance(color) > 0.179 ? '#000000' : '#ffffff')
