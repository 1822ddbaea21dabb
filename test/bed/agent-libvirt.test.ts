// The agent on libvirt's VMs: found, pinned and spoken to through virsh, and read in /proc.
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeadlineError } from '../../src-main/agent/backend/deadline.ts'
import { runInGuest } from '../../src-main/agent/backend/guest-exec.ts'
import { readGuestFile, writeGuestFile } from '../../src-main/agent/backend/guest-files.ts'
import { Inventory } from '../../src-main/agent/backend/inventory.ts'
import { Virsh } from '../../src-main/agent/backend/virsh.ts'
import type { Vm } from '../../src-main/agent/backend/vm.ts'
import { HostFiles } from '../../src-main/agent/proc/host-files.ts'
import { AgentProcess } from '../support/agent-process.ts'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { startBed, type Bed } from './bed.ts'
import { virsh } from './libvirtd.ts'

const files = new HostFiles()
const ODD_NAME = `it's $(touch pwned);"x" -y`
const hasLibvirt = requiresTool(...BED_TOOLS, 'libvirtd', 'virsh') && os.userInfo().uid === 0

/** A domain that never runs an instruction: libvirt itself takes any name but one with a slash. */
function idleDomain(name: string): string {
  const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return `<domain type='qemu'><name>${escaped}</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices><memballoon model='none'/></devices></domain>`
}

describe.runIf(hasLibvirt)('the agent on a bed with libvirt', () => {
  let bed: Bed
  let uri: string
  let inventory: Inventory
  let vm: Vm

  beforeAll(async () => {
    bed = await startBed({ guests: 1, vcpus: 2, ssh: false, libvirt: true })
    uri = bed.libvirt!.uri
    inventory = new Inventory(files, new Virsh(uri))
    const [found] = await inventory.named([bed.libvirt!.domains[0]!.name])
    vm = found!
  })

  afterAll(async () => {
    inventory.close()
    await bed.stop()
  })

  it('shows a domain with its process, threads, pins and guest', async () => {
    const { name, pid } = bed.libvirt!.domains[0]!
    const agent = new AgentProcess({ args: [`--connect=${uri}`] })
    const found = (await agent.call('vms')).find((one) => one.name === name)
    expect(found).toMatchObject({ pid, backend: 'libvirt', state: 'running', problem: null })
    expect(found?.accel).toBe(bed.accelerator)
    expect(found?.vcpus.map(({ online, tid }) => [online, tid === null])).toEqual([
      [true, false],
      [true, false],
    ])
    expect(found?.guest).toMatchObject({ canResize: true, canExec: true })
    expect((await agent.call('facts')).libvirtVersion).toMatch(/^\d+\.\d+\.\d+$/)
    const { samples } = await agent.call('sample', { vms: [name], periodMs: 50, durationMs: 100 })
    expect(samples).toBeGreaterThan(1)
    expect(await agent.end()).toBe(0)
    expect(agent.stderr).toBe('')
  })

  it('pins through libvirt, which knows of it, and reads it back', async () => {
    const before = vm.affinity(0)
    await vm.setAffinity(0, [before[0]!])
    expect(vm.affinity(0)).toEqual([before[0]])
    expect(await virsh(uri, 'vcpupin', '--live', vm.name)).toMatch(
      new RegExp(`^\\s*0\\s+${before[0]}$`, 'm'),
    )
    await expect(vm.setAffinity(0, [8000])).rejects.toMatchObject({ code: 'unavailable' })
    await vm.setAffinity(0, before)
    expect(vm.affinity(0)).toEqual(before)
  })

  it('resizes the guest, as libvirt sees it, too', async () => {
    expect((await vm.guest.setOnline([0])).online).toEqual([0])
    expect(await virsh(uri, 'guestvcpus', vm.name)).toMatch(/^online *: 0$/m)
    await expect(vm.guest.setOnline([1])).rejects.toMatchObject({ code: 'bad-input' })
    expect((await vm.guest.setOnline([0, 1])).online).toEqual([0, 1])
  })

  it('runs programs and keeps files as they are', async () => {
    const odd = `a b'c"d;$(id)\n-x`
    const end = await runInGuest(vm.guest, { argv: ['/bin/cat'], stdin: odd }, 20_000)
    expect([end.code, end.stdout.toString()]).toEqual([0, odd])
    const bytes = Buffer.from(Array.from({ length: 120_000 }, (_, i) => i % 251))
    await writeGuestFile(vm.guest, '/tmp/agent-test', bytes)
    expect((await readGuestFile(vm.guest, '/tmp/agent-test', 1e6)).equals(bytes)).toBe(true)
  })

  it('gives up a frozen guest in time, and speaks to it again when it thaws', async () => {
    const { pid } = vm.thread(0)
    process.kill(pid, 'SIGSTOP')
    const call = vm.guest.call('guest-ping', {}, 500)
    await expect(call).rejects.toBeInstanceOf(DeadlineError)
    process.kill(pid, 'SIGCONT')
    expect((await vm.guest.setOnline([0, 1], 60_000)).online).toEqual([0, 1])
  })

  it('tells what the guest agent refuses from a guest that does not answer', async () => {
    await expect(vm.guest.call('guest-none-such', {}, 5000)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('takes domains with odd names by their UUID, and refuses a name with a dash', async () => {
    const { folder } = bed
    for (const [i, name] of [ODD_NAME, '-x'].entries()) {
      writeFileSync(`${folder}/odd-${i}.xml`, idleDomain(name))
      await virsh(uri, 'create', '--paused', `${folder}/odd-${i}.xml`)
    }
    const { vms, refused } = await inventory.find()
    expect(vms.map(({ name }) => name)).not.toContain('-x')
    expect(refused.join()).toContain('must not start with a dash')
    const odd = vms.find(({ name }) => name === ODD_NAME)!
    expect(odd.identity).toMatchObject({ backend: 'libvirt', state: 'paused' })
    const before = odd.affinity(0)
    await odd.setAffinity(0, [before[0]!])
    expect(odd.affinity(0)).toEqual([before[0]])
    for (const { uuid, name } of await new Virsh(uri).domains()) {
      if (name !== vm.name) await virsh(uri, 'destroy', uuid)
    }
  })

  it('shows a domain with the reason when its libvirt cannot be asked', async () => {
    const other = new Inventory(files, new Virsh('qemu+unix:///system?socket=/nonexistent'))
    const [found] = await other.named([vm.name])
    expect(found!.identity).toMatchObject({ backend: 'libvirt', tids: vm.identity.tids })
    expect(found!.identity.problem).toContain('libvirt runs it, but cannot be asked')
    await expect(found!.guest.online()).rejects.toThrow('cannot be asked')
    await expect(found!.setAffinity(0, [0])).rejects.toMatchObject({ code: 'unavailable' })
  })
})
