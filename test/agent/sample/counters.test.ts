// Counters in files of /proc, as the bed's host wrote them.
import { expect, it } from 'vitest'
import { parseBusyNs } from '../../../src-main/agent/sample/busy-time.ts'
import {
  parseLastCpu,
  parseSchedstat,
  parseSwitches,
} from '../../../src-main/agent/sample/vcpu-counters.ts'
import { recordedTree } from '../../support/host-tree.ts'

const BED = recordedTree('bed-host')

/** A file of the first guest's first vCPU. */
function vcpuFile(name: string): string {
  const comm = Object.keys(BED).find((key) => BED[key] === 'CPU 0/TCG\n' && key.endsWith('comm'))!
  return BED[comm.replace(/comm$/, name)]!
}

it('run time and run delay are the first two numbers of schedstat', () => {
  const [run, delay] = vcpuFile('schedstat').split(' ').map(Number)
  expect(parseSchedstat(vcpuFile('schedstat'))).toEqual({ runNs: run, runDelayNs: delay })
})

it('a kernel without schedstats is told, not shown as zero', () => {
  expect(() => parseSchedstat('0\n')).toThrow('schedstat')
})

it('switches are told apart', () => {
  const count = (name: string) =>
    Number(new RegExp(`^${name}_ctxt_switches:\\s*(\\d+)`, 'm').exec(vcpuFile('status'))?.[1])
  expect(parseSwitches(vcpuFile('status'))).toEqual({
    voluntary: count('voluntary'),
    involuntary: count('nonvoluntary'),
  })
  expect(count('nonvoluntary')).toBeGreaterThan(0)
})

it('the last CPU is found behind a name with blanks and brackets', () => {
  const rest = 'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30'
  expect(parseLastCpu(`7 (a) R (b c) ${rest} 31 32 33 34 17 5 37 38`)).toBe(5)
  expect([0, 1]).toContain(parseLastCpu(vcpuFile('stat')))
  expect(parseLastCpu('')).toBeNull()
})

it('busy time leaves out idle time and waits for I/O', () => {
  const text =
    'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 2 3 100 50 4 5 6 1 0\ncpu3 1 0 0 9 9 0 0 0 0 0\nintr 1'
  expect(parseBusyNs(text)).toEqual([21e7, 1e7])
  expect(parseBusyNs(BED['proc/stat']!)).toHaveLength(2)
})
