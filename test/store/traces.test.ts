// Traces in the library: whole ones in, parts out, one a run, gone with their run.
import { describe, expect, test } from 'vitest'
import type { PackedTrace } from '../../src-main/core/trace/packed-trace.ts'
import type { Store } from '../../src-main/store/index.ts'
import { machine, resultOf, scenarioOf, withStore } from './library-fixture.ts'

const save = (store: Store): Promise<string> =>
  store.saveRun({ scenario: scenarioOf('dedup', 'cfs', 1), result: resultOf(1), machine })

/** Three chunks of 100 ns that begin 20 ns before the last one ended, and six blocks. */
function traceOf(fill: number): PackedTrace {
  const chunk = (index: number) => ({
    startNs: Math.max(0, index * 100 - 20),
    endNs: (index + 1) * 100,
    records: 3,
    bytes: new Uint8Array(10 + index).fill(fill),
  })
  const block = (at: number) => ({
    level: at < 3 ? 18 : 21,
    block: at % 3,
    track: 7,
    bytes: Uint8Array.of(at),
  })
  return {
    header: {
      version: 1,
      pcpus: 1,
      vms: [],
      endNs: 300,
      intervals: 9,
      points: 0,
      truncatedAtNs: null,
      levels: [18, 21],
      traceHash: '0'.repeat(16),
    },
    chunks: [0, 1, 2].map(chunk),
    blocks: [0, 1, 2, 3, 4, 5].map(block),
  }
}

describe('a kept trace', () => {
  test('comes back as it was, and says its size', () =>
    withStore(async (store) => {
      const id = await save(store)
      const trace = traceOf(5)
      expect(await store.saveTrace(id, trace)).toBe(10 + 11 + 12 + 6)
      expect(await store.getTrace(id)).toMatchObject({ header: trace.header, bytes: 39 })
      expect((await store.traceChunks(id, 0, 300)).map((c) => [...c.bytes])).toEqual(
        trace.chunks.map((c) => [...c.bytes]),
      )
    }))

  test('gives the chunks with records in a window, and the blocks of a level', () =>
    withStore(async (store) => {
      const id = await save(store)
      await store.saveTrace(id, traceOf(5))
      const ends = async (fromNs: number, toNs: number) =>
        (await store.traceChunks(id, fromNs, toNs)).map((chunk) => chunk.endNs)
      expect(await ends(0, 79)).toEqual([100])
      expect(await ends(90, 95)).toEqual([100, 200])
      expect(await ends(201, 400)).toEqual([300])
      const blocks = await store.traceBlocks(id, 21, { first: 1, last: 2 }, [7])
      expect(blocks.map(({ block, track, bytes }) => [block, track, ...bytes])).toEqual([
        [1, 7, 4],
        [2, 7, 5],
      ])
    }))

  test('takes the place of an earlier one, and can be deleted without its run', () =>
    withStore(async (store) => {
      const id = await save(store)
      await store.saveTrace(id, traceOf(5))
      await store.saveTrace(id, traceOf(6))
      expect((await store.traceChunks(id, 0, 10))[0]?.bytes[0]).toBe(6)
      expect(await store.deleteTrace(id)).toBe(1)
      expect(await store.deleteTrace(id)).toBe(0)
      await expect(store.getTrace(id)).rejects.toMatchObject({
        code: 'not-found',
        hint: `record one: flexlab trace record ${id}`,
      })
      expect((await store.getRun(id)).row.id).toBe(id)
      expect(await store.traceChunks(id, 0, 300)).toEqual([])
    }))

  test('is deleted with its run', () =>
    withStore(async (store) => {
      const id = await save(store)
      await store.saveTrace(id, traceOf(5))
      await store.trashRuns([id], true)
      await store.purgeTrash(0)
      await expect(store.getTrace(id)).rejects.toMatchObject({ code: 'not-found' })
    }))

  test('of a run that is not there is refused', () =>
    withStore(async (store) => {
      await expect(store.saveTrace('nobody', traceOf(1))).rejects.toMatchObject({
        code: 'not-found',
      })
    }))
})
