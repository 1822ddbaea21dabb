// The agent on real VMs: what it finds, what it changes and reads back, and what it does when they
// do not answer.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { runInGuest } from '../../src-main/agent/backend/guest-exec.ts'
import { readGuestFile, writeGuestFile } from '../../src-main/agent/backend/guest-files.ts'
import { Inventory } from '../../src-main/agent/backend/inventory.ts'
import { Virsh } from '../../src-main/agent/backend/virsh.ts'
import type { Vm } from '../../src-main/agent/backend/vm.ts'
import { HostFiles } from '../../src-main/agent/proc/host-files.ts'
import type { Sample } from '../../src-main/core/contract/agent/work.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { sharedBed } from './shared-bed.ts'

const files = new HostFiles()
/** No libvirt is where nobody listens: these tests are of bare QEMU. */
const NO_LIBVIRT = 'qemu+unix:///system?socket=/nonexistent'

describe.runIf(requiresTool(...BED_TOOLS))('the agent on the bed', () => {
  let inventory: Inventory
  let vm: Vm

  beforeAll(async () => {
    inventory = new Inventory(files, new Virsh(NO_LIBVIRT))
    const [found] = await inventory.named([sharedBed().guests[0]!.name])
    vm = found!
  })

  afterAll(() => {
    inventory.close()
  })

  it('shows both guests with threads, pins and what runs in them', async () => {
    const agent = new AgentProcess({ args: [`--connect=${NO_LIBVIRT}`] })
    const vms = await agent.call('vms')
    for (const { name, pid, vcpus } of sharedBed().guests) {
      const found = vms.find((one) => one.name === name)
      expect(found).toMatchObject({ pid, backend: 'qemu', state: 'running', problem: null })
      expect(found?.accel).toBe(sharedBed().accelerator)
      expect(found?.vcpus).toHaveLength(vcpus)
      for (const { tid, affinity, online } of found?.vcpus ?? []) {
        expect(existsSync(`/proc/${pid}/task/${tid}`)).toBe(true)
        expect(affinity.length).toBeGreaterThan(0)
        expect(online).toBe(true)
      }
      expect(found?.guest).toMatchObject({ canResize: true, canExec: true, allowedCpus: [0, 1] })
      expect(found?.guest?.kernel).toMatch(/^\d+\.\d+/)
    }
    const facts = await agent.call('facts')
    expect(facts.qemuVersion).toMatch(/^\d+\.\d+/)
    expect(await agent.end()).toBe(0)
    expect(agent.stderr).toBe('')
  })

  it('takes a vCPU offline and back, and believes only what it reads', async () => {
    const { tookMs, online } = await vm.guest.setOnline([0])
    expect(online).toEqual([0])
    expect(await vm.guest.online()).toEqual([0])
    expect(tookMs).toBeGreaterThan(0)
    expect((await vm.guest.setOnline([0, 1])).online).toEqual([0, 1])
  })

  it('refuses a resize that the guest cannot do', async () => {
    await expect(vm.guest.setOnline([1])).rejects.toMatchObject({ code: 'bad-input' })
    await expect(vm.guest.setOnline([0, 7])).rejects.toMatchObject({ code: 'bad-input' })
    expect(await vm.guest.online()).toEqual([0, 1])
  })

  it('pins a vCPU, reads it back, and refuses CPUs that the host has not', async () => {
    const before = vm.affinity(1)
    await vm.setAffinity(1, [before[0]!])
    expect(vm.affinity(1)).toEqual([before[0]])
    await expect(vm.setAffinity(1, [8000])).rejects.toMatchObject({ code: 'unavailable' })
    await vm.setAffinity(1, before)
    expect(vm.affinity(1)).toEqual(before)
  })

  it('hands arguments, environment and stdin to guest programs as they are', async () => {
    const odd = `a b'c"d;$(id)\n-x`
    const echoed = await runInGuest(vm.guest, { argv: ['/bin/echo', '-n', odd] }, 10_000)
    expect(echoed.stdout.toString()).toBe(odd)
    const argv = ['/bin/sh', '-c', 'cat; echo -n "$ODD" >&2; exit 3']
    const end = await runInGuest(vm.guest, { argv, env: { ODD: odd }, stdin: odd }, 10_000)
    expect([end.code, end.stdout.toString(), end.stderr.toString()]).toEqual([3, odd, odd])
  })

  it('tells death by a signal from an exit code', async () => {
    const killed = await runInGuest(vm.guest, { argv: ['/bin/sh', '-c', 'kill -9 $$'] }, 10_000)
    expect([killed.code, killed.signal]).toEqual([null, 9])
  })

  it('writes a file of the guest and reads its tail', async () => {
    const bytes = Buffer.from(Array.from({ length: 120_000 }, (_, i) => i % 251))
    await writeGuestFile(vm.guest, '/tmp/agent-test', bytes)
    const tail = await readGuestFile(vm.guest, '/tmp/agent-test', 1000)
    expect(tail.equals(bytes.subarray(-1000))).toBe(true)
    const whole = await readGuestFile(vm.guest, '/tmp/agent-test', 1e6)
    expect(whole.equals(bytes)).toBe(true)
  })

  it('gives up a frozen guest in time, and is in step with it again when it thaws', async () => {
    const { pid } = vm.thread(0)
    process.kill(pid, 'SIGSTOP')
    try {
      await expect(vm.guest.call('guest-ping', {}, 300)).rejects.toThrow('no answer within 300 ms')
      await expect(vm.guest.setOnline([0], 300)).rejects.toThrow('no answer')
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    // A resize that was given up may still come; the next one ends it.
    expect((await vm.guest.setOnline([0, 1])).online).toEqual([0, 1])
    expect((await runInGuest(vm.guest, { argv: ['/bin/true'] }, 10_000)).code).toBe(0)
  })

  it('samples run time that grows by what a busy guest uses', async () => {
    const agent = new AgentProcess({ args: [`--connect=${NO_LIBVIRT}`] })
    const argv = ['/bin/sh', '-c', 'timeout 2 yes']
    const busy = runInGuest(vm.guest, { argv, capture: false }, 20_000)
    const { samples, agentCpuNs } = await agent.call('sample', {
      vms: [vm.name],
      periodMs: 100,
      durationMs: 1000,
    })
    const seen = agent.frames.flatMap(
      ({ event }) => (event as { sample: Sample } | undefined) ?? [],
    )
    expect(seen).toHaveLength(samples)
    const [first, last] = [seen[0]!.sample, seen.at(-1)!.sample]
    const used = (sample: Sample) => sample.vms[0]!.runNs.reduce((sum, ns) => sum + ns, 0)
    expect(used(last) - used(first)).toBeGreaterThan(0)
    expect(last.atNs).toBeGreaterThan(first.atNs)
    expect(last.pcpuBusyNs).toHaveLength(os.availableParallelism())
    expect(agentCpuNs).toBeGreaterThan(0)
    await busy
    expect(await agent.end()).toBe(0)
  })

  it('falls back to the names of threads while another client has the monitor', async () => {
    const { qmpSocket, name } = sharedBed().guests[1]!
    const other = net.connect(qmpSocket)
    await vi.waitFor(() => new Promise((resolve) => other.once('data', resolve)))
    const agent = new AgentProcess({ args: [`--connect=${NO_LIBVIRT}`] })
    const found = (await agent.call('vms')).find((one) => one.name === name)
    expect(found?.problem).toMatch(/serves another client|EAGAIN/)
    expect(found?.vcpus.map(({ tid }) => tid)).not.toContain(null)
    expect(found?.accel).toBe(sharedBed().accelerator)
    other.destroy()
    await agent.end()
  })
})

const ODD_NAMES = [`a'b"c d`, 'a;touch pwned', '$(touch pwned)', '`touch pwned`', '%s%n', '../x']
const REFUSED_NAMES = ['-x', '--version', 'a\nb', 'tab\there']

/** VMs that never run a single instruction: the monitor and the threads are there all the same. */
describe.runIf(requiresTool(...BED_TOOLS))('VMs with names of all kinds', () => {
  let folder: string
  const started: ChildProcess[] = []

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-names-'))
    for (const [i, name] of [...ODD_NAMES, ...REFUSED_NAMES].entries()) {
      const monitor = `socket,id=m,path=${folder}/${i}.qmp,server=on,wait=off`
      const argv = [
        ...['-name', `guest=${name.replaceAll(',', ',,')},debug-threads=on`, '-S', '-m', '16'],
        ...['-accel', 'tcg', '-nodefaults', '-display', 'none', '-chardev', monitor],
        ...['-mon', 'chardev=m,mode=control'],
      ]
      const options = { cwd: folder, stdio: 'ignore', shell: false } as const
      started.push(spawn('qemu-system-x86_64', argv, options))
    }
  })

  afterEach(() => {
    expect(existsSync(path.join(folder, 'pwned'))).toBe(false)
  })

  afterAll(() => {
    for (const qemu of started) qemu.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('are offered where the name is harmless, and refused with the reason where not', async () => {
    const inventory = new Inventory(files, new Virsh(NO_LIBVIRT))
    const pids = started.map(({ pid }) => pid)
    await vi.waitFor(
      async () => {
        const { vms } = await inventory.find()
        const ours = vms.filter(({ identity }) => pids.includes(identity.pid ?? 0))
        expect(ours.map(({ name }) => name).sort()).toEqual([...ODD_NAMES].sort())
      },
      { timeout: 30_000, interval: 200 },
    )
    const { refused } = await inventory.find()
    for (const [i] of REFUSED_NAMES.entries()) {
      const pid = pids[ODD_NAMES.length + i]
      expect(refused.filter((why) => why.includes(`process ${pid}:`))).toHaveLength(1)
    }
    inventory.close()
  })

  it('are paused, pinned and asked for like any other', async () => {
    const inventory = new Inventory(files, new Virsh(NO_LIBVIRT))
    const vms = await inventory.named(ODD_NAMES)
    for (const vm of vms) {
      expect(vm.identity).toMatchObject({ state: 'paused', accel: 'tcg', problem: null })
      const before = vm.affinity(0)
      await vm.setAffinity(0, [before[0]!])
      expect(vm.affinity(0)).toEqual([before[0]])
      await vm.setAffinity(0, before)
    }
    inventory.close()
  })

  it('are not found under names that the contract refuses', async () => {
    const agent = new AgentProcess({ args: [`--connect=${NO_LIBVIRT}`] })
    for (const name of REFUSED_NAMES) {
      await expect(agent.call('sample', { vms: [name] })).rejects.toThrow('bad-input')
    }
    await agent.end()
  })
})
