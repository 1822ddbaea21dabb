// QEMU processes, their threads and weights, in the bed's host's files as they were recorded.
import { afterAll, describe, expect, it } from 'vitest'
import { findQemuProcesses } from '../../../src-main/agent/backend/qemu-processes.ts'
import { cpuWeight } from '../../../src-main/agent/proc/cgroups.ts'
import { namedVcpus, threadAffinity } from '../../../src-main/agent/proc/threads.ts'
import { hostTree, recordedTree, type Tree } from '../../support/host-tree.ts'

const BED = recordedTree('bed-host')
const { files, remove } = hostTree(BED)

afterAll(remove)

describe("the bed's host", () => {
  it('has two QEMU processes with monitor and guest agent', () => {
    const found = findQemuProcesses(files)
    expect(found.map(({ name }) => name)).toEqual(['agt-1', 'agt-2'])
    expect(found[0]).toMatchObject({
      qmpPath: '/tmp/flexlab-bed/agt-1.qmp',
      qgaPath: '/tmp/flexlab-bed/agt-1.qga',
      accel: 'tcg',
    })
  })

  it('has a thread for each vCPU, with a name and an affinity', () => {
    const [one] = findQemuProcesses(files)
    const vcpus = namedVcpus(files, one!.pid)
    expect(vcpus.map(({ index, accel }) => [index, accel])).toEqual([
      [0, 'tcg'],
      [1, 'tcg'],
    ])
    expect(threadAffinity(files, one!.pid, vcpus[1]!.tid)).toEqual([0, 1])
    expect(threadAffinity(files, one!.pid, 1)).toBeNull()
  })

  it('resolves a relative socket from the folder QEMU runs in, and names a nameless VM', () => {
    const argv = ['qemu-system-x86_64', '-qmp', 'unix:m.sock,server=on']
    const other = hostTree({ 'proc/7/cmdline': argv.join('\0'), 'proc/7/cwd': '→/var/vm' })
    expect(findQemuProcesses(other.files)).toMatchObject([
      { pid: 7, name: 'qemu-7', qmpPath: '/var/vm/m.sock' },
    ])
    other.remove()
  })
})

const V2 = 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n'
const SCOPE = 'machine.slice/machine-qemu\\x2d1\\x2dweb.scope'

describe("a VM's weight", () => {
  const cases: [what: string, tree: Tree, weight: number | null][] = [
    ['1024 in the root group', BED, 1024],
    [
      'the shares of its own group (v1)',
      {
        ...BED,
        'proc/9/cgroup': '3:cpuset:/x\n1:cpu,cpuacct:/vm\n',
        'sys/fs/cgroup/cpu/vm/cpu.shares': '2048\n',
      },
      2048,
    ],
    [
      'the weight of its group (v2), in the unit of v1',
      {
        'proc/self/mounts': V2,
        'proc/9/cgroup': '0::/vm.slice\n',
        'sys/fs/cgroup/vm.slice/cpu.weight': '50\n',
      },
      512,
    ],
    [
      "the weight of libvirt's scope, not of the threads' groups below it",
      {
        'proc/self/mounts': V2,
        'proc/9/cgroup': `0::/${SCOPE}/libvirt/emulator\n`,
        [`sys/fs/cgroup/${SCOPE}/libvirt/emulator/cpu.weight`]: '100\n',
        [`sys/fs/cgroup/${SCOPE}/cpu.weight`]: '200\n',
      },
      2048,
    ],
    ['unknown when the process is gone', { ...BED, 'proc/9/cgroup': null }, null],
  ]

  it.each(cases)('is %s', (_what, tree, weight) => {
    const host = hostTree(tree)
    const pid = 'proc/9/cgroup' in tree ? 9 : findQemuProcesses(host.files)[0]!.pid
    expect(cpuWeight(host.files, pid)).toBe(weight)
    host.remove()
  })
})
