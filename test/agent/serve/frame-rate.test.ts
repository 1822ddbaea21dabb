// The cap on frames a second.
import { performance } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { FrameRate } from '../../../src-main/agent/serve/frame-rate.ts'

it('lets a burst through at once and the rest no faster than its rate', async () => {
  const rate = new FrameRate(1000, 10)
  const startMs = performance.now()
  for (let frame = 0; frame < 110; frame++) await rate.admit()
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(99)
})
