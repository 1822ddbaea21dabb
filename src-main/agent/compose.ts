/** Puts the agent together: which part answers which method, and what happens at its ends. */
import type { Sample } from '../core/contract/agent/work.ts'
import { Inventory } from './backend/inventory.ts'
import { Virsh } from './backend/virsh.ts'
import { readHostFacts } from './facts/host-facts.ts'
import { readVersions } from './facts/versions.ts'
import { readVmFacts } from './facts/vm-facts.ts'
import { HostFiles } from './proc/host-files.ts'
import { agentCpuNs } from './sample/busy-time.ts'
import { Sampler } from './sample/sampler.ts'
import { streamSamples } from './sample/stream-samples.ts'
import type { Agent, Handlers } from './serve/handlers.ts'
import { Lease } from './serve/lease.ts'

/** What the agent's command line may say. */
export type AgentOptions = {
  /** libvirt's URI; null: what LIBVIRT_DEFAULT_URI or libvirt itself says. */
  readonly connectUri: string | null
}

/** The agent of this host. */
export function composeAgent({ connectUri }: AgentOptions): Agent {
  const files = new HostFiles()
  const virsh = new Virsh(connectUri)
  const inventory = new Inventory(files, virsh)
  return {
    handlers: readingHandlers({ files, virsh, inventory }),
    lease: new Lease(),
    recover: () => Promise.resolve(null),
    end: () => {
      inventory.close()
      return Promise.resolve()
    },
  }
}

type Host = {
  readonly files: HostFiles
  readonly virsh: Virsh
  readonly inventory: Inventory
}

/** Methods that change nothing. */
function readingHandlers({ files, virsh, inventory }: Host): Handlers {
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
      const sampler = new Sampler(files, await inventory.named(vms), () => null)
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
