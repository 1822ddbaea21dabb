// Random but well-formed chunks for the codec's property tests.
import fc from 'fast-check'
import { POINT_KINDS } from '../../../src-main/core/base/point-kind.ts'
import { newIntervals, newPoints } from '../../../src-main/core/trace/chunk.ts'
import type { TraceChunk } from '../../../src-main/core/trace/chunk.ts'
import { layoutTrace, stateCount, trackKind } from '../../../src-main/core/trace/layout.ts'

const vm = (name: string) => ({
  name,
  app: 'ep',
  vcpus: 3,
  threads: 4,
  mutexes: 1,
  spinLocks: 1,
})

/** Two pCPUs, two VMs. */
export const layout = layoutTrace({ pcpus: 2, vms: [vm('a'), vm('b')] })

const time = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 51 }))

const intervals = fc
  .array(fc.tuple(fc.nat(layout.tracks - 1), fc.nat(3), time, fc.nat(), fc.nat()), {
    maxLength: 60,
  })
  .map((rows) => {
    const sorted = rows.toSorted((a, b) => a[0] - b[0])
    const to = newIntervals(sorted.length)
    sorted.forEach(([track, gap, ns, state, arg], i) => {
      const isFirst = i === 0 || to.track[i - 1] !== track
      const args = trackKind(layout, track) === 'vcpu' ? layout.pcpus : layout.vcpus
      to.track[i] = track
      to.startNs[i] = gap + (isFirst ? 0 : to.startNs[i - 1]! + to.ns[i - 1]!)
      // what is added up stays below 2^53
      to.ns[i] = ns % 2 ** 46
      to.state[i] = state % stateCount(layout, track)
      to.arg[i] = (arg % (args + 1)) - 1
    })
    return to
  })

const points = fc
  .array(fc.tuple(time, fc.nat(POINT_KINDS.length - 1), fc.nat(), fc.integer(), fc.integer()), {
    maxLength: 60,
  })
  .map((rows) => {
    const subjects = { thread: layout.threads, vcpu: layout.vcpus, vm: layout.vms.length }
    const to = newPoints(rows.length)
    rows
      .toSorted((a, b) => a[0] - b[0])
      .forEach(([timeNs, kind, subject, object, detail], i) => {
        to.timeNs[i] = timeNs
        to.kind[i] = kind
        to.subject[i] = subject % subjects[POINT_KINDS[kind]!.subject]
        to.object[i] = object
        to.detail[i] = detail
      })
    return to
  })

/** Any chunk that a writer could make. */
export const anyChunk: fc.Arbitrary<TraceChunk> = fc.record({ intervals, points })
