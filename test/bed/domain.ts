// A guest as a domain of the bed's libvirtd: the same system as a guest of guest.ts, but libvirt
// owns the process and both of its sockets.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BOOT_MS_MAX, BOOTS_MAX, kernelArguments, MEMORY_MIB, type GuestOptions } from './guest.ts'
import { virsh, type LibvirtServer } from './libvirtd.ts'

/** A domain whose guest agent has answered. */
export interface Domain {
  readonly name: string
  readonly vcpus: number
  readonly pid: number
  /** ms from `virsh start` to the agent's first answer. */
  readonly bootMs: number
  /** Boots that hung before this one. */
  readonly hungBoots: number
}

const POLL_MS = 200
const PING_S_MAX = 5

/** @throws Error when libvirt refuses the domain, or when no boot leads to an answer in time */
export async function startDomain(server: LibvirtServer, options: GuestOptions): Promise<Domain> {
  const { name, vcpus, folder } = options
  const definition = path.join(folder, `${name}.xml`)
  writeFileSync(definition, domainXml(options))
  await virsh(server.uri, 'define', definition)
  for (let hungBoots = 0; hungBoots < BOOTS_MAX; hungBoots += 1) {
    const startedMs = performance.now()
    await virsh(server.uri, 'start', name)
    if (await answersInTime(server, name)) {
      const bootMs = Math.round(performance.now() - startedMs)
      const pidFile = path.join(folder, 'libvirt/run/qemu', `${name}.pid`)
      return { name, vcpus, pid: Number(readFileSync(pidFile, 'utf8')), bootMs, hungBoots }
    }
    await virsh(server.uri, 'destroy', name)
  }
  throw new Error(`domain ${name} has not answered after ${BOOTS_MAX} boots`)
}

async function answersInTime({ uri }: LibvirtServer, name: string): Promise<boolean> {
  const deadlineMs = performance.now() + BOOT_MS_MAX
  const ping = ['qemu-agent-command', '--timeout', String(PING_S_MAX), name]
  while (performance.now() < deadlineMs) {
    try {
      await virsh(uri, ...ping, '{"execute":"guest-ping"}')
      return true
    } catch {
      // The agent has not opened its end of the channel yet.
      await sleep(POLL_MS)
    }
  }
  return false
}

function domainXml(options: GuestOptions): string {
  const { name, vcpus, system, accelerator, folder } = options
  return `<domain type='${accelerator === 'tcg' ? 'qemu' : 'kvm'}'>
  <name>${name}</name>
  <memory unit='MiB'>${MEMORY_MIB}</memory>
  <vcpu>${vcpus}</vcpu>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <kernel>${system.kernel}</kernel>
    <initrd>${system.initrd}</initrd>
    <cmdline>${kernelArguments(options)}</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode='maximum'><topology sockets='${vcpus}' cores='1' threads='1'/></cpu>
  <on_reboot>destroy</on_reboot>
  <devices>
    <controller type='usb' model='none'/>
    <serial type='file'><source path='${path.join(folder, `${name}.console`)}'/></serial>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <memballoon model='none'/>
  </devices>
</domain>
`
}
