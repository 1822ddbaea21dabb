// Facts of a host from its files: the bed's host as it was recorded, and hosts that differ from it.
import { afterEach, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { HostFactsSchema } from '../../../src-main/core/contract/agent/facts.ts'
import { readHostFacts } from '../../../src-main/agent/facts/host-facts.ts'
import { libvirtVersion } from '../../../src-main/agent/facts/versions.ts'
import { hostTree, recordedTree, type Tree } from '../../support/host-tree.ts'

const BED = recordedTree('bed-host')
const CPU = 'sys/devices/system/cpu'
const removals: (() => void)[] = []

afterEach(() => {
  for (const remove of removals.splice(0)) remove()
})

function factsOf(tree: Tree, refused: readonly string[] = []) {
  const { files, remove } = hostTree(tree)
  removals.push(remove)
  const facts = readHostFacts(files, { qemu: '7.2.22', libvirt: null }, refused)
  expect(v.safeParse(HostFactsSchema, facts).issues).toBeUndefined()
  return facts
}

describe('host facts', () => {
  it("are those of the bed's host", () => {
    expect(factsOf(BED)).toMatchObject({
      hostname: 'bed-host',
      os: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.18.44-fc-v669',
      fairClass: 'eevdf',
      cgroup: 'v1',
      cpuModel: 'Intel(R) Xeon(R) Processor',
      clocksource: 'tsc',
      memoryBytes: 24684084 * 1024,
      allowedCpus: [0, 1],
      pcpus: [
        { id: 0, socket: 0, core: 0, llc: 0, numa: 0, maxKhz: null },
        { id: 1, socket: 0, core: 1, llc: 0, numa: 0, maxKhz: null },
      ],
      caches: [
        { level: 1, type: 'Data', bytes: 49152 },
        { level: 1, type: 'Instruction', bytes: 65536 },
        { level: 2, type: 'Unified', bytes: 2 ** 21 },
        { level: 3, type: 'Unified', bytes: 480 * 2 ** 20 },
      ],
      kvmParameters: { 'kvm.halt_poll_ns': '200000' },
      loadAverage: 3.76,
    })
  })

  it('say of what is null why it is', () => {
    const { governor, turbo, notObservable } = factsOf(BED)
    expect([governor, turbo]).toEqual([null, null])
    expect(Object.keys(notObservable).sort()).toEqual([
      'governor',
      'libvirtVersion',
      'maxKhz',
      'turbo',
    ])
  })

  it('have clock, threads of a core and nodes where the kernel shows them', () => {
    const facts = factsOf({
      ...BED,
      [`${CPU}/online`]: '0-3\n',
      [`${CPU}/cpu0/cpufreq/scaling_governor`]: 'performance\n',
      [`${CPU}/cpu0/cpufreq/cpuinfo_max_freq`]: '3800000\n',
      [`${CPU}/intel_pstate/no_turbo`]: '1\n',
      [`${CPU}/cpu2/topology/core_id`]: '0\n',
      [`${CPU}/cpu2/topology/physical_package_id`]: '-1\n',
      [`${CPU}/cpu3/topology/physical_package_id`]: '1\n',
      [`${CPU}/cpu3/topology/core_id`]: '5\n',
      [`${CPU}/cpu3/node1/cpulist`]: '3\n',
      [`${CPU}/cpu3/cache/index0/level`]: '3\n',
      [`${CPU}/cpu3/cache/index0/size`]: '1M\n',
      [`${CPU}/cpu3/cache/index0/shared_cpu_list`]: '3\n',
      'sys/module/kvm_intel/parameters/ple_gap': '128\n',
    })
    expect(facts).toMatchObject({ governor: 'performance', turbo: false })
    expect(facts.pcpus[0]?.maxKhz).toBe(3_800_000)
    expect(facts.pcpus[2]).toMatchObject({ socket: 0, core: 0 })
    expect(facts.pcpus[3]).toMatchObject({ socket: 1, core: 5, numa: 1, llc: 3 })
    expect(facts.kvmParameters).toMatchObject({ 'kvm_intel.ple_gap': '128' })
  })

  it.each([
    ['6.5.13', 'cfs'],
    ['6.6.0-rc1', 'eevdf'],
    ['5.10.0-30-amd64', 'cfs'],
    ['7.0.1', 'eevdf'],
  ])('know that the fair class of Linux %s is %s', (kernel, fairClass) => {
    expect(factsOf({ ...BED, 'proc/sys/kernel/osrelease': kernel }).fairClass).toBe(fairClass)
  })

  it('tell control groups of version 2 from version 1', () => {
    const mounts = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n'
    expect(factsOf({ ...BED, 'proc/self/mounts': mounts }).cgroup).toBe('v2')
    expect(factsOf({ ...BED, 'proc/self/mounts': '' }).cgroup).toBe('none')
  })

  it('can be had of a host that shows nothing at all', () => {
    const facts = factsOf({})
    expect(facts).toMatchObject({ hostname: 'unknown', pcpus: [], microcode: null, cmdline: null })
    expect(facts.notObservable).toHaveProperty('caches')
    expect(facts.notObservable).toHaveProperty('kvmParameters')
  })

  it('name VMs that are not offered, and why', () => {
    const { notObservable } = factsOf(BED, ['VM of process 7: a VM name must not be empty'])
    expect(Object.values(notObservable)).toContain('VM of process 7: a VM name must not be empty')
  })
})

it("libvirt's version is its daemon's", () => {
  const text = `Compiled against library: libvirt 9.0.0
Using library: libvirt 9.0.0
Using API: QEMU 9.0.0
Running hypervisor: QEMU 7.2.22
Running against daemon: 9.0.1
`
  expect(libvirtVersion(text)).toBe('9.0.1')
  expect(libvirtVersion('')).toBeNull()
})
