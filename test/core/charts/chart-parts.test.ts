/** The small parts that charts are made of: text, colours, axes, tables, shares. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TIME_CLASS_KEYS, TIME_CLASSES } from '../../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../../src-main/core/base/time-class.ts'
import {
  bandAsRatio,
  bestScheme,
  darkTheme,
  decalOf,
  formatDuration,
  formatP,
  formatRatio,
  formatShare,
  formatSignedPercent,
  heatColor,
  heatScale,
  inkOn,
  lightTheme,
  luminance,
  niceMax,
  pairedRatios,
  partNs,
  ratioAxisMax,
  ratioTick,
  schemeColor,
  schemeStyle,
  thinByRank,
  timeClassColor,
  timeParts,
  TIME_GROUPS,
  toCsv,
  totalNs,
  waterfallSteps,
} from '../../../src-main/core/charts/index.ts'
import { fitNames } from '../../../src-main/core/charts/fit-names.ts'
import { ALL_SCHEMES, BAND, syntheticComparison } from './synthetic-comparison.ts'

const attributions = fc
  .array(fc.integer({ min: 0, max: 1e12 }), {
    minLength: TIME_CLASS_KEYS.length,
    maxLength: TIME_CLASS_KEYS.length,
  })
  .map((values) => Object.fromEntries(TIME_CLASS_KEYS.map((k, i) => [k, values[i]])))

/** WCAG contrast of two colours. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

describe('numbers in words', () => {
  it('are never NaN', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined]) {
      for (const format of [formatRatio, formatSignedPercent, formatShare, formatP, formatDuration])
        expect(format(value)).toBe('–')
    }
  })

  it('carry a sign, except zero', () => {
    expect(formatSignedPercent(0.331)).toBe('+33.1\u00a0%')
    expect(formatSignedPercent(-0.04)).toBe('−4.0\u00a0%')
    expect(formatSignedPercent(-0.0001)).toBe('0.0\u00a0%')
  })

  it('choose the unit that reads best', () => {
    expect(formatDuration(1_234_500_000)).toBe('1.234\u00a0s')
    expect(formatDuration(45_600)).toBe('45.60\u00a0µs')
    expect(formatDuration(7)).toBe('7\u00a0ns')
    expect(formatDuration(0)).toBe('0\u00a0ns')
  })

  it('keep three significant digits of a ratio', () => {
    expect([0.7512, 1.2, 12.34, 123.4].map(formatRatio)).toEqual(['0.75', '1.20', '12.3', '123'])
  })
})

describe('names in a chart', () => {
  // Room for ten characters.
  const fit = (...names: string[]) => fitNames(names, 57, 10)

  it('are as they are where they fit', () => {
    expect(fit('short', '0123456789')).toEqual(['short', '0123456789'])
  })

  it('are cut in their middle, by character and not by code unit', () => {
    expect(fit('🦊'.repeat(12))).toEqual([`${'🦊'.repeat(5)}…${'🦊'.repeat(4)}`])
  })

  it('that differ stay different, whether at their beginning, middle or end', () => {
    const families = [
      ['spinning of a VM=0', 'spinning of a VM=100', 'spinning of a VM=10000000'],
      ['first of many names', 'second of many names'],
      ['a name that is long', 'a nome that is long', 'a name that is lung'],
    ]
    for (const names of families) expect(new Set(fit(...names)).size).toBe(names.length)
  })

  it('that are the same stay the same', () => {
    expect(new Set(fit('the same long name', 'the same long name')).size).toBe(1)
  })
})

describe('the palette', () => {
  it('gives every scheme of the design another colour', () => {
    expect(new Set(ALL_SCHEMES.map(schemeColor)).size).toBe(ALL_SCHEMES.length)
  })

  it('keeps a scheme’s colour when its parameters change, and tells them apart otherwise', () => {
    const plain = schemeStyle('flexcore')
    const slow = schemeStyle('flexcore(resize=hotplug)')
    expect(slow.color).toBe(plain.color)
    expect([slow.marker, slow.decal]).not.toEqual([plain.marker, plain.decal])
  })

  it('gives an unknown scheme a look that depends on its name alone', () => {
    expect(schemeStyle('mine')).toEqual(schemeStyle('mine'))
    expect(schemeStyle('constructor').color).toMatch(/^#[0-9a-f]{6}$/)
  })

  it('has decals that are opaque and known for any number', () => {
    for (let n = 0; n < 12; n++) expect(decalOf(n, '#0072b2')?.color ?? '#').toMatch(/^#/)
  })

  it('has a colour for every time class, and ink that reads on it', () => {
    for (const { key } of TIME_CLASSES) {
      const color = timeClassColor(key)
      expect(contrast(color, inkOn(color)), key).toBeGreaterThan(4.5)
    }
  })

  it('keeps every time class visible on a light and on a dark surface', () => {
    for (const surface of [darkTheme.surface, lightTheme.surface]) {
      const classes = TIME_CLASSES.filter((c) => c.group !== 'idle')
      const faint = classes.filter((c) => contrast(timeClassColor(c.key), surface) < 1.5)
      expect(faint.map((c) => c.key)).toEqual([])
    }
    const strong = TIME_CLASSES.filter((c) => ['useful', 'stacking', 'lhp'].includes(c.key))
    for (const c of strong)
      expect(contrast(timeClassColor(c.key), darkTheme.surface), c.key).toBeGreaterThan(3)
  })

  it('keeps neighbouring groups of classes apart without colour', () => {
    const groups = Object.values(TIME_GROUPS)
    groups.slice(1).forEach((group, i) => {
      const before = groups[i]!
      const step = Math.abs(luminance(before.levels[1]) - luminance(group.levels[0]))
      expect(step > 0.05 || before.decal !== group.decal, group.label).toBe(true)
    })
  })
})

describe('the ratio axis', () => {
  it('is cut where one scheme would flatten all others, and says so', () => {
    expect(ratioAxisMax([1, 1.1, 0.9, 1.2, 1, 1, 1, 1, 1, 1, 1, 40])).toMatchObject({ isCut: true })
    expect(ratioAxisMax([1, 1.1, 1.4])).toEqual({ max: 1.5, isCut: false })
    expect(ratioAxisMax([])).toEqual({ max: 1.25, isCut: false })
  })

  it('has few ticks at round numbers whatever its end', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), (max) => {
        const end = niceMax(max)
        expect(end).toBeGreaterThanOrEqual(max * (1 - 1e-9))
        expect(end / ratioTick(max)).toBeLessThanOrEqual(6)
      }),
    )
  })
})

describe('the heat scale', () => {
  it('is symmetric: twice as fast and twice as slow are as far from the middle', () => {
    const scale = heatScale([0.5, 2])
    expect(scale).toBeCloseTo(Math.log(2))
    expect(heatColor(lightTheme, 1, scale)).toBe('#f4f4f2')
    expect(heatColor(lightTheme, 0.5, scale)).toBe('#0072b2')
    expect(heatColor(lightTheme, 2, scale)).toBe('#d55e00')
  })

  it('does not make noise look like an effect', () => {
    expect(heatScale([1.001, 0.999])).toBeCloseTo(Math.log(1.25))
  })
})

describe('thread time', () => {
  it('keeps its sum when small classes are drawn together', () => {
    fc.assert(
      fc.property(attributions, fc.double({ min: 0, max: 0.2, noNaN: true }), (a, shareMin) => {
        const byClass = a as TimeByClassNs
        const parts = timeParts([byClass], shareMin)
        expect(parts.reduce((sum, p) => sum + partNs(p, byClass), 0)).toBe(totalNs(byClass))
      }),
    )
  })

  it('falls in steps that meet and end at the total', () => {
    fc.assert(
      fc.property(attributions, (a) => {
        const byClass = a as TimeByClassNs
        const steps = waterfallSteps(byClass)
        const total = steps.at(-1)!
        steps.slice(0, -1).reduce((end, step) => {
          expect(step.fromNs).toBe(end)
          return step.toNs
        }, 0)
        expect(total).toMatchObject({ fromNs: 0, toNs: totalNs(byClass), isTotal: true })
      }),
    )
  })
})

describe('a comparison', () => {
  it('pairs repetitions by seed and drops those without a partner', () => {
    const comparison = syntheticComparison({ groups: ['x264'], repetitions: 3 })
    const [base, row] = [comparison.rows[0]!, comparison.rows[1]!]
    const moved = { ...row, sample: { ...row.sample, seeds: [3, 9, 1] } }
    const ratios = pairedRatios(moved, base)
    expect(ratios.map((r) => r.seed)).toEqual([3, 1])
    expect(ratios[0]!.ratio).toBe(row.sample.valuesNs[0]! / base.sample.valuesNs[2]!)
    expect(pairedRatios(row, undefined)).toEqual([])
  })

  it('names no best scheme where only the baseline ran', () => {
    expect(bestScheme(syntheticComparison({ missing: (_, s) => s !== 'cfs' }))).toBeNull()
    expect(bestScheme(syntheticComparison({ shape: 'winner' }))).toBe('gang')
  })

  it('reads a published band both ways', () => {
    expect(bandAsRatio(BAND, 'speedup').lo).toBeCloseTo(1 / 1.796)
    expect(bandAsRatio(BAND, 'timeSaved')).toMatchObject({ lo: 1 - 0.796, hi: 1 - 0.354 })
  })

  it('keeps both extremes when it draws fewer points', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000)
    const thin = thinByRank(values, (v) => v, 50)
    expect(thin).toHaveLength(50)
    expect([thin[0], thin.at(-1)]).toEqual([0, 999])
  })
})

describe('CSV', () => {
  it('quotes what needs quoting and leaves missing values empty', () => {
    const table = {
      columns: [
        { key: 'a', label: 'A', unit: '', isNumber: false },
        { key: 'b', label: 'B', unit: 'ns', isNumber: true },
      ],
      rows: [
        ['x, "y"\nz', 1.5],
        ['plain', null],
        ['broken', Number.NaN],
      ],
    }
    expect(toCsv(table)).toBe('A,B (ns)\r\n"x, ""y""\nz",1.5\r\nplain,\r\nbroken,\r\n')
  })
})
