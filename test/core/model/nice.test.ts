/** Nice: the guest shares its vCPUs among its threads by their weights. */
import { describe, expect, it } from 'vitest'
import { niceWeight } from '../../../src-main/core/model/nice.ts'
import { buildSpec } from '../../../src-main/core/simulate/build-spec.ts'
import type { ProgramParts } from './support/scenarios.ts'
import {
  compute,
  inline,
  loop,
  role,
  runScenario,
  scenarioOf,
  timeOfThread,
  watch,
  withoutOverheads,
} from './support/scenarios.ts'

const MS = 1e6

/** One vCPU, and a role of one thread for each nice value, that computes 10 s in pieces. */
function threadsOf(nices: readonly (number | string)[]) {
  const program = [loop(1000, [compute(10 * MS)])]
  const roles = nices.map((nice, i) => ({ ...role(1, program, `role${i}`), nice }))
  return scenarioOf(1, [{ vcpus: 1, workload: inline({ roles }) }])
}

/** Useful time of each thread when 4 s have passed. */
function usefulAfter(nices: readonly number[]): readonly number[] {
  let useful: readonly number[] = []
  watch(withoutOverheads(threadsOf(nices)), (m) => {
    if (useful.length > 0 || m.now < 4000 * MS) return
    useful = nices.map((_, t) => timeOfThread(m, t, 'useful'))
  })
  return useful
}

describe('threads of one vCPU', () => {
  it.each([
    [0, 5],
    [-5, 0],
    [-5, 5],
  ])('of nice %i and %i share it by the weights of the kernel', (a, b) => {
    const [first, second] = usefulAfter([a, b]) as [number, number]
    const expected = niceWeight(a) / niceWeight(b)
    expect(Math.abs(first / second / expected - 1)).toBeLessThan(0.05)
  })

  it('of three weights share it by all of them', () => {
    const nices = [0, 3, 7]
    const useful = usefulAfter(nices)
    const whole = useful.reduce((a, b) => a + b)
    const weights = nices.reduce((sum, nice) => sum + niceWeight(nice), 0)
    nices.forEach((nice, t) => {
      const share = niceWeight(nice) / weights
      expect(Math.abs(useful[t]! / whole / share - 1), `nice ${nice}`).toBeLessThan(0.05)
    })
  })

  it('of one weight share it equally, whatever that weight is', () => {
    const [first, second] = usefulAfter([7, 7]) as [number, number]
    expect(Math.abs(first / second - 1)).toBeLessThan(0.01)
  })

  it('are preempted at once by one that wakes, but later by one of little weight', () => {
    const wakeLatency = (nice: number): number => {
      const sleeper = [loop(200, [{ op: 'sleep', ns: 20 * MS, cv: 0.5 }, compute(MS)])]
      const parts: ProgramParts = {
        roles: [
          { ...role(1, sleeper, 'sleeper'), nice } as ProgramParts['roles'][number],
          role(1, [loop(500, [compute(10 * MS)])], 'hog'),
        ],
      }
      const m = runScenario(
        withoutOverheads(scenarioOf(1, [{ vcpus: 1, workload: inline(parts) }])),
      )
      return timeOfThread(m, 0, 'guest-queue')
    }
    expect(wakeLatency(0)).toBe(0)
    expect(wakeLatency(10)).toBeGreaterThan(200 * MS)
  })
})

describe('nice in a workload file', () => {
  const issuesOf = (nice: number | string) => {
    const spec = buildSpec(threadsOf([nice]))
    return spec.ok ? [] : spec.error.map((issue) => `${issue.path}: ${issue.message}`)
  }

  it('may be an expression', () => {
    const spec = buildSpec(threadsOf(['vcpus + 4']))
    expect(spec.ok && spec.value.vms[0]!.workload.threadWeight).toEqual([niceWeight(5)])
  })

  it('is refused outside −20 … 19', () => {
    expect(issuesOf(20)).toEqual([
      'vms[0].workload.definition.roles[0].nice: must be -20 … 19, not 20',
    ])
    expect(issuesOf(-21)).toHaveLength(1)
  })
})
