// Figure packs: every chart is drawn again from its pack, byte for byte, also after a round trip
// through JSON; a changed pack is refused.
import { describe, expect, it } from 'vitest'
import { attributionBars } from '../../src-main/core/charts/attribution-chart.ts'
import {
  COMPARISON_CHARTS,
  comparisonFigure,
} from '../../src-main/core/charts/comparison-figures.ts'
import type { FigurePack, FigureSpec } from '../../src-main/core/contract/figure.ts'
import { FigureCases } from '../../src-main/lab/figures.ts'
import type { LabContext } from '../../src-main/lab/context.ts'
import type { CompareCases } from '../../src-main/lab/compare.ts'
import { syntheticComparison } from '../core/charts/synthetic-comparison.ts'

const comparison = syntheticComparison({ groups: ['x264', 'vips <&> "quoted"'] })

const compare = { get: async () => comparison } as unknown as CompareCases
const context = { options: { appVersion: '9.9.9' } } as unknown as LabContext
const figures = new FigureCases(context, compare)

const query = { handler: 'compare.get', input: { campaignId: 'c' } }
const packOf = (spec: FigureSpec): Promise<FigurePack> =>
  figures.pack({ spec, query, widthPx: 900 })

const SPECS: readonly FigureSpec[] = [
  { chart: 'beside', data: { first: comparison, second: comparison } },
  ...COMPARISON_CHARTS.map((chart) => {
    const made = comparisonFigure(comparison, chart)
    if (!made.ok) throw new Error(made.error)
    return made.value
  }),
  {
    chart: 'waterfall',
    data: {
      kind: 'simulated',
      name: 'one run',
      attributionNs: attributionBars(comparison)[0]!.attributionNs,
    },
  },
  {
    chart: 'load',
    data: {
      ...{ kind: 'simulated', name: 'one run', vcpus: { a: 2 } },
      series: {
        endNs: [1e8, 2e8],
        vms: [{ name: 'a', online: [1, 2], used: [0.5, 1], waiting: [0, 1] }],
      },
    },
  },
]

describe.each(SPECS.map((spec) => [spec.chart, spec] as const))(
  'the pack of %s',
  (_chart, spec) => {
    it('is drawn again to the same SVG and CSV', async () => {
      const pack = await packOf(spec)
      const again = await figures.render(JSON.stringify(pack))
      expect(again.svg).toBe(pack.svg)
      expect(again.csv).toBe(pack.csv)
      expect(again.isSame).toBe(true)
    })

    it('says what it is: kind, version, query', async () => {
      const pack = await packOf(spec)
      expect(pack).toMatchObject({ kinds: ['simulated'], appVersion: '9.9.9', query })
      expect(pack.svg).toContain('SIMULATED')
      expect(pack.title).not.toBe('')
    })
  },
)

describe('a pack', () => {
  it('that was changed is refused, and the changed part named', async () => {
    const pack = await packOf(SPECS[0]!)
    const changes = [
      [{ ...pack, svg: pack.svg.replace('SIMULATED', 'MEASURED') }, /svg: was changed/],
      [{ ...pack, csv: `${pack.csv}x` }, /csv: was changed/],
      [{ ...pack, widthPx: 901 }, /spec: was changed/],
    ] as const
    for (const [changed, message] of changes) {
      await expect(figures.render(JSON.stringify(changed))).rejects.toThrow(message)
    }
  })

  it('is refused where it is none', async () => {
    await expect(figures.render('{')).rejects.toThrow(/is not JSON/)
    await expect(figures.render('{"format":"other"}')).rejects.toThrow(/figure pack/)
    const future = { ...(await packOf(SPECS[0]!)), version: 2 }
    await expect(figures.render(JSON.stringify(future))).rejects.toThrow(/another version/)
  })

  it('of a version of the app that draws otherwise is drawn, and said to differ', async () => {
    const pack = await packOf(SPECS[0]!)
    const { createHash } = await import('node:crypto')
    const svg = pack.svg.replace('<svg ', '<svg data-old="1" ')
    const hash = createHash('sha256').update(svg).digest('hex')
    const old = { ...pack, svg, sha256: { ...pack.sha256, svg: hash } }
    expect((await figures.render(JSON.stringify(old))).isSame).toBe(false)
  })
})

describe('a chart of a campaign', () => {
  it('that it does not have is refused with a reason', async () => {
    const asked = figures.ofCampaign('c', 'improvement', { scheme: 'gangs', widthPx: 900 })
    await expect(asked).rejects.toThrow(/one of: gang, balance/)
  })
})
