/** Validation: what makes a verdict, how figures are estimated, what the document says. */
import { describe, expect, it } from 'vitest'
import type { SignedEstimate } from '../../src-main/core/stats/order-averaged.ts'
import { validationDocument } from '../../src-main/hosts/cli/output/validation.ts'
import type { Validation } from '../../src-main/lab/index.ts'
import { share99, speedUp, suiteSpeedUp } from '../../src-main/lab/validate/estimates.ts'
import { ROWS } from '../../src-main/lab/validate/rows.ts'
import { around, judge, judgeTheory, worstOf } from '../../src-main/lab/validate/verdict.ts'

const interval = (lo: number, hi: number): SignedEstimate => ({ value: (lo + hi) / 2, lo, hi })

describe('a verdict', () => {
  const range = { lo: 0.56, hi: 1.06 }

  it('is that they agree where the interval touches the source’s range', () => {
    expect(judge(interval(0.5, 0.6), range)).toBe('agrees')
    expect(judge(interval(0.7, 0.8), range)).toBe('agrees')
    expect(judge(interval(1, 1.3), range)).toBe('agrees')
  })

  it('is the direction only where it lies beside the range on the same side of no effect', () => {
    expect(judge(interval(0.1, 0.2), range)).toBe('direction only')
    expect(judge(interval(2, 3), range)).toBe('direction only')
    expect(judge(interval(-0.4, -0.3), around(-0.75))).toBe('direction only')
  })

  it('is that they disagree where no effect or the opposite is shown', () => {
    expect(judge(interval(-0.1, 0.1), range)).toBe('disagrees')
    expect(judge(interval(-0.3, -0.2), range)).toBe('disagrees')
    expect(judge({ value: 0.8, lo: null, hi: null }, range)).toBe('disagrees')
  })

  it('does not agree by an interval that is wider than the range', () => {
    expect(judge(interval(0.3, 1.2), range)).toBe('direction only')
    expect(judge(interval(-0.3, 1.2), range)).toBe('disagrees')
  })

  it('wants the whole interval beyond a bound', () => {
    expect(judge(interval(9.5, 20), { lo: 9, hi: Infinity })).toBe('agrees')
    expect(judge(interval(8.5, 20), { lo: 9, hi: Infinity })).toBe('direction only')
    expect(judge(interval(-0.01, 0.2), { lo: 0, hi: Infinity })).toBe('disagrees')
    expect(judge(interval(0.01, 0.2), { lo: 0, hi: Infinity })).toBe('agrees')
  })

  it('has no direction where the source sees no effect', () => {
    expect(judge(interval(-0.01, 0.01), { lo: -0.02, hi: 0.02 })).toBe('agrees')
    expect(judge(interval(0.05, 0.06), { lo: -0.02, hi: 0.02 })).toBe('disagrees')
  })

  it('by theory wants its value in an interval that is narrow', () => {
    expect(judgeTheory(interval(99, 101), 100)).toBe('agrees')
    expect(judgeTheory(interval(90, 110), 100)).toBe('disagrees')
    expect(judgeTheory(interval(101, 102), 100)).toBe('disagrees')
  })

  it('of a row is the worst of those that are judged', () => {
    expect(worstOf(['agrees', null, 'agrees'])).toBe('agrees')
    expect(worstOf(['agrees', 'direction only', 'not comparable'])).toBe('direction only')
    expect(worstOf(['disagrees', 'direction only'])).toBe('disagrees')
    expect(worstOf(['not comparable', null])).toBe('not comparable')
  })
})

describe('an estimate', () => {
  const times = (...ns: number[]) => ns.map((timeNs) => ({ timeNs }))

  it('of an improvement is the geometric mean over pairs of the same seed', () => {
    const { value, lo, hi } = speedUp(times(200, 400, 800), times(100, 200, 400))
    expect([value, lo, hi]).toEqual([1, 1, 1].map((one) => expect.closeTo(one, 12) as number))
    expect(speedUp(times(100, 400), times(100, 100)).value).toBeCloseTo(1, 12)
  })

  it('of a suite takes each seed’s mean over the apps first', () => {
    const base = times(400, 100)
    const found = suiteSpeedUp([
      [base, times(100, 100)],
      [base, times(400, 25)],
    ])
    expect([found.value, found.lo, found.hi]).toEqual(
      [1, 1, 1].map((x) => expect.closeTo(x, 12) as number),
    )
  })

  it('of a share is Wilson’s, which is no point where all or none were hits', () => {
    const all = share99(400, 400)
    expect(all.value).toBe(1)
    // z² / (n + z²) with z = 2.5758
    expect(1 - all.lo!).toBeCloseTo(6.635 / 406.635, 5)
    expect(share99(50, 100)).toEqual({
      value: 0.5,
      lo: expect.closeTo(0.3754, 3) as number,
      hi: expect.closeTo(0.6246, 3) as number,
    })
  })
})

describe('the rows', () => {
  it('are the ten of the design, each with source, setup and rule', () => {
    expect(ROWS.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (const row of ROWS) {
      expect(row.source.length, row.behaviour).toBeGreaterThan(10)
      expect(row.setup.length, row.behaviour).toBeGreaterThan(0)
      expect(row.rule.length, row.behaviour).toBeGreaterThan(10)
    }
  })
})

describe('the document', () => {
  const text = {
    ...{ behaviour: 'Balance is as good', source: 'A paper, 2011', setup: ['On a host.'] },
    ...{ rule: 'Speed-up.', found: ['Because of this.'] },
  }
  const validation: Validation = {
    ...{ kind: 'simulated', commit: 'abc', seeds: [1, 2], quick: false, runs: 8, wallMs: 1500 },
    machine: { runtime: 'Node.js 24', os: 'Linux', cpu: 'CPU', cpuCount: 2, memoryBytes: 1 },
    rows: [
      {
        ...{ ...text, id: 5, verdict: 'direction only' },
        figures: [
          {
            ...{ name: 'x264', source: '+8 %', unit: 'change', verdict: 'direction only' },
            model: { value: 0.2, lo: 0.19, hi: 0.21 },
          },
          {
            ...{ name: 'stock', source: '', unit: 'share', verdict: null },
            model: { value: 0.99995, lo: null, hi: null },
          },
          { name: 'flex', source: '5 %', unit: 'ns', model: null, verdict: 'not comparable' },
        ],
      },
      { ...text, id: 6, verdict: 'agrees', figures: [] },
    ],
  }
  const written = validationDocument(validation)

  it('says of each figure what the source and the model have, and the verdict', () => {
    expect(written).toContain('| x264 | +8 % | +20.0 % | +19.0 % … +21.0 % | direction only |')
    expect(written).toContain('| stock | – | 99.995 % | – | (beside) |')
    expect(written).toContain('| flex | 5 % | not run | – | not comparable |')
    expect(written).toContain('| 5 | Balance is as good | direction only |')
  })

  it('gives the reason where a row does not agree, and only there', () => {
    expect(written.match(/Because of this/g)).toHaveLength(1)
  })

  it('names commit, seeds and machine', () => {
    expect(written).toContain('Commit abc. 8 runs, seeds 1 … 2, 1.500 s, on\n2 × CPU, Linux')
  })
})
