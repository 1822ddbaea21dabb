/** Puts the agent together: which part answers which method, and what happens at its ends. */
import type { Sample } from '../core/contract/agent/work.ts'
import { Inventory } from './backend/inventory.ts'
import { Virsh } from './backend/virsh.ts'
import { hostAccess } from './change/host-access.ts'
import { HostChanges } from './change/host-changes.ts'
import { stateFolder } from './change/journal.ts'
import type { OpenVms } from './change/restore-host.ts'
import { readHostFacts } from './facts/host-facts.ts'
import { readVersions } from './facts/versions.ts'
import { readVmFacts } from './facts/vm-facts.ts'
import { HostFiles } from './proc/host-files.ts'
import { agentCpuNs } from './sample/busy-time.ts'
import { Sampler } from './sample/sampler.ts'
import { streamSamples } from './sample/stream-samples.ts'
import { report } from './serve/agent-error.ts'
import type { Agent, Handlers } from './serve/handlers.ts'
import { Lease } from './serve/lease.ts'
import { Work } from './work/work.ts'

/** How long an end waits for work in guests to be ended; after that it ends by itself, ms. */
const SETTLE_MS = 1500

/** What the agent's command line may say. */
export type AgentOptions = {
  /** libvirt's URI; null: what LIBVIRT_DEFAULT_URI says, else `qemu:///system`. */
  readonly connectUri: string | null
  /** How this program is started again, as a guardian: Node's options, script and its options. */
  readonly program: readonly string[]
}

/** The VMs of this host, for a guardian. */
export const openVms = (connectUri: string | null): OpenVms => {
  const files = new HostFiles()
  return hostAccess(files, new Inventory(files, new Virsh(connectUri))).openVms
}

/** The agent of this host. */
export function composeAgent({ connectUri, program }: AgentOptions): Agent {
  const files = new HostFiles()
  const virsh = new Virsh(connectUri)
  const inventory = new Inventory(files, virsh)
  const lease = new Lease()
  const changes = new HostChanges(hostAccess(files, inventory), {
    ...{ state: stateFolder(), program, lease },
    onTrouble: (error) => {
      report('a change', error)
    },
  })
  const work = new Work({ inventory, files, countInForce: (vm) => changes.onlineOf(vm) })
  lease.on('expired', () => {
    work.abandon()
    changes.restore('lease').catch((error: unknown) => {
      report('the host was not put back', error)
    })
  })
  const host = { files, virsh, inventory, changes }
  return {
    handlers: {
      ...{ ...readingHandlers(host), ...changingHandlers(host) },
      ...{ run: work.run, micro: work.micro },
    },
    lease,
    recover: () => changes.recover(),
    end: async () => {
      try {
        await changes.restore('eof')
        await work.settled(SETTLE_MS)
      } finally {
        inventory.close()
      }
    },
  }
}

type Host = {
  readonly files: HostFiles
  readonly virsh: Virsh
  readonly inventory: Inventory
  readonly changes: HostChanges
}

/** Methods that change the host, or tell of changes. */
function changingHandlers({ changes }: Host): Handlers {
  return {
    plan: (request) => changes.plan(request),
    apply: ({ planId, leaseMs, ...request }) => changes.apply(request, planId, leaseMs),
    restore: () => changes.restore('request'),
    journal: ({ limit }) => Promise.resolve(changes.journal(limit)),
  }
}

/** Methods that change nothing. */
function readingHandlers({ files, virsh, inventory, changes }: Host): Handlers {
  return {
    facts: async () => {
      const arch = files.text('proc/sys/kernel/arch') ?? 'x86_64'
      const [versions, { refused }] = await Promise.all([
        readVersions(virsh, arch),
        inventory.find(),
      ])
      return readHostFacts(files, versions, refused)
    },
    vms: async () => {
      const { vms } = await inventory.find()
      return Promise.all(vms.map((vm) => readVmFacts(files, vm)))
    },
    sample: async ({ vms, periodMs, durationMs = Infinity }, { emit, signal }) => {
      const sampler = new Sampler(files, await inventory.named(vms), (vm) => changes.onlineOf(vm))
      const startNs = agentCpuNs(files)
      try {
        const emitSample = (sample: Sample) => emit({ sample })
        const times = { periodMs, durationMs }
        const samples = await streamSamples(sampler, times, emitSample, signal)
        return { samples, agentCpuNs: agentCpuNs(files) - startNs }
      } finally {
        sampler.close()
      }
    },
  }
}
