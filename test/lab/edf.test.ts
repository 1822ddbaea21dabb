/** Earliest deadline first on our engine: by hand, by theory, and against SimSo where that is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawTasks, packTasks, TICKS_PER_MS } from '../../src-main/lab/bench/edf-tasks.ts'
import type { EdfCase, EdfTask } from '../../src-main/lab/bench/edf-tasks.ts'
import { runEdf } from '../../src-main/lab/bench/edf.ts'
import { EDF_CASES, openSimso, requireAgreement } from '../../src-main/lab/bench/simso.ts'
import { SIMSO_VARIABLE } from '../../src-main/lab/bench/simso.ts'

const never = new AbortController().signal

const task = (period: number, cost: number, firstRelease = 0): EdfTask => ({
  ...{ period, cost, firstRelease },
})

const counts = (rule: EdfCase['rule'], cpus: number, duration: number, tasks: EdfTask[]) => {
  const { switches, finished, missed, finishSum } = runEdf({ rule, cpus, duration, tasks })
  return { switches, finished, missed, finishSum }
}

describe('earliest deadline first', () => {
  it('preempts for an earlier deadline, and comes back to what it preempted', () => {
    // 0 … 2 long, 2 … 3 short, 3 … 6 long: three switches
    const tasks = [task(100, 5), task(50, 1, 2)]
    expect(counts('global', 1, 40, tasks)).toEqual({
      ...{ switches: 3, finished: 2, missed: 0, finishSum: 3 + 6 },
    })
  })

  it('lets a later deadline wait', () => {
    const tasks = [task(50, 5), task(100, 1, 2)]
    expect(counts('global', 1, 40, tasks)).toMatchObject({ switches: 2, finishSum: 5 + 6 })
  })

  it('moves a preempted job to a processor that is free, unless tasks are bound', () => {
    const tasks = [task(100, 10), task(60, 10, 1), task(50, 4, 2)]
    expect(counts('global', 2, 40, tasks)).toMatchObject({ finishSum: 6 + 11 + 14 })
  })

  it('misses with one heavy task and light ones on all processors (Dhall and Liu 1978)', () => {
    const dhall = [task(100, 10), task(100, 10), task(105, 100)]
    expect(counts('global', 2, 120, dhall).missed).toBe(1)
    expect(counts('partitioned', 2, 1000, dhall).missed).toBe(0)
  })

  it('runs late jobs to their end, one after the other', () => {
    // asks for 1.5 processors: jobs end at 15, 30, 45, 60 and are due at 10, 20, 30, 40
    expect(counts('global', 1, 60, [task(10, 15)])).toEqual({
      ...{ switches: 5, finished: 4, missed: 4, finishSum: 15 + 30 + 45 + 60 },
    })
  })

  it('misses nothing on one processor up to a load of 1 (Liu and Layland 1973)', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 12 }), (seed, count) => {
        const tasks = drawTasks(seed, count, 1)
        const run = runEdf({ rule: 'global', cpus: 1, tasks, duration: 500 * TICKS_PER_MS })
        expect(run.missed).toBe(0)
        expect(run.finished).toBeGreaterThan(count)
      }),
      { seed: 1, numRuns: 100 },
    )
  })
})

describe('task sets', () => {
  it('have the load asked for, no task above a whole processor, and depend on the seed', () => {
    const tasks = drawTasks(7, 20, 3.2)
    const shares = tasks.map(({ cost, period }) => cost / period)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(3.2, 5)
    expect(Math.max(...shares)).toBeLessThanOrEqual(1)
    expect(drawTasks(7, 20, 3.2)).toEqual(tasks)
    expect(drawTasks(8, 20, 3.2)).not.toEqual(tasks)
  })

  it('are packed heaviest first, each where it fits first', () => {
    const tasks = [task(10, 2), task(10, 7), task(10, 6), task(10, 3)]
    expect(packTasks(tasks, 2)).toEqual([1, 0, 1, 0])
    expect(() => packTasks(tasks, 1)).toThrow('do not fit')
  })
})

describe('SimSo', () => {
  it('is asked for where it is not named, and refused where it is not', async () => {
    expect(await openSimso(undefined, never)).toContain(SIMSO_VARIABLE)
    await expect(openSimso('test', never)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('must agree on every count', () => {
    const ours = { switches: 1, finished: 2, missed: 0, finishSum: 9 }
    expect(() => requireAgreement(ours, ours)).not.toThrow()
    expect(() => requireAgreement(ours, { ...ours, finishSum: 8 })).toThrow('finishSum')
  })

  const folder = process.env[SIMSO_VARIABLE]
  it.runIf(folder !== undefined)(
    'does what our engine does, job by job',
    async () => {
      const simso = await openSimso(folder, never)
      if (typeof simso === 'string') throw new Error(simso)
      const overload: EdfCase = {
        ...{ rule: 'global', cpus: 4, duration: 2000 * TICKS_PER_MS },
        tasks: drawTasks(1, 10, 3.96),
      }
      expect(runEdf(overload).missed).toBeGreaterThan(10)
      for (const one of [...EDF_CASES, overload]) {
        requireAgreement(runEdf(one), await simso.run(one, never))
      }
    },
    60_000,
  )
})
