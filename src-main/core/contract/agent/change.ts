/** What a scheme changes on a host: planned, shown, journalled, applied and put back. */
import * as v from 'valibot'
import { SchemeRefSchema } from '../scenario.ts'
import { AmountSchema, CountSchema, CpuListSchema, VmNameSchema } from './names.ts'

const Text = v.pipe(v.string(), v.maxLength(4096))

/** A scheme asked for on a set of VMs. VMs that are not named stay as they are. */
export const SchemeRequestSchema = v.strictObject({
  scheme: SchemeRefSchema,
  vms: v.pipe(v.array(VmNameSchema), v.minLength(1, 'name at least one VM'), v.maxLength(256)),
  /** pCPUs to share among them; all that the agent may use unless given. */
  pcpus: v.optional(CpuListSchema),
})
/** A scheme asked for on a set of VMs. */
export type SchemeRequest = v.InferOutput<typeof SchemeRequestSchema>

/** One change, with what it is now and what it would be. */
export const ChangeSchema = v.object({
  vm: v.nullable(VmNameSchema),
  /**
   * `affinity` of a vCPU's host thread, `online` state of a guest CPU, `cpuset` of the guest's
   * processes, `file`: any other file of the host.
   */
  kind: v.picklist(['affinity', 'online', 'cpuset', 'file']),
  /** vCPU index, guest cgroup or file: what of the VM or host is changed. */
  target: Text,
  from: Text,
  to: Text,
  /** What the agent does, as a person would type or send it; shown, never parsed. */
  command: Text,
  /** What puts it back. */
  revert: Text,
})
/** One change. */
export type Change = v.InferOutput<typeof ChangeSchema>

/** A dry run: every change, and why it cannot be done where it cannot. */
export const HostPlanSchema = v.object({
  /** SHA-256 of request and changes; `apply` takes it, so that what is done is what was shown. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  scheme: v.string(),
  changes: v.array(ChangeSchema),
  /** vCPUs online of each VM afterwards, in the order asked. */
  counts: v.array(CountSchema),
  /** A controller that goes on changing these, and how often; null for a static scheme. */
  controller: v.nullable(v.object({ periodMs: AmountSchema, changes: v.array(Text) })),
  /** Why it cannot be applied; empty when it can. */
  refusals: v.array(Text),
  warnings: v.array(Text),
})
/** A dry run. */
export type HostPlan = v.InferOutput<typeof HostPlanSchema>

/**
 * Where a guest's processes may run: its cgroup hierarchy that has the cpuset controller. With v1
 * all of it, since its cpusets lose a CPU that goes offline; with v2 the groups below the root.
 */
export const GuestCpusetsSchema = v.object({
  version: v.picklist(['v1', 'v2']),
  /** Where it is mounted in the guest. */
  root: Text,
  /** v2: whether the root hands the controller down. */
  delegated: v.boolean(),
  /** `cpuset.cpus` of each group as it is written there, parents first; v2: empty is all. */
  groups: v.array(v.object({ path: Text, cpus: Text })),
})
/** Where a guest's processes may run. */
export type GuestCpusets = v.InferOutput<typeof GuestCpusetsSchema>

/** State that is put back, of one VM. */
export const VmSnapshotSchema = v.object({
  name: VmNameSchema,
  /** QEMU's process; another one has nothing of ours. Start in ticks since boot (proc(5)). */
  process: v.object({ pid: CountSchema, startTicks: CountSchema }),
  /** Affinity of each vCPU's host thread, by vCPU index. */
  affinity: v.array(CpuListSchema),
  /** Guest CPUs online; null where the guest does not answer (then nothing of it is changed). */
  online: v.nullable(CpuListSchema),
  /** The guest's cpusets; null where they cannot be read (then none is changed). */
  cpusets: v.nullable(GuestCpusetsSchema),
})
/** State that is put back, of one VM. */
export type VmSnapshot = v.InferOutput<typeof VmSnapshotSchema>

/** What `apply` did. */
export const AppliedSchema = v.object({
  journalId: v.string(),
  changes: v.array(ChangeSchema),
  /** ms that all changes took. */
  tookMs: AmountSchema,
  /** ms of each guest resize. */
  resizeMs: v.array(AmountSchema),
  guardian: v.object({ pid: CountSchema, leaseMs: AmountSchema }),
})
/** What `apply` did. */
export type Applied = v.InferOutput<typeof AppliedSchema>

/** What a restore did: `clean` when the host equals its snapshot, read back after the fact. */
export const RestoredSchema = v.object({
  journalId: v.nullable(v.string()),
  clean: v.boolean(),
  changes: v.array(ChangeSchema),
  /** What still differs, in words; empty when clean. */
  differences: v.array(Text),
  tookMs: AmountSchema,
})
/** What a restore did. */
export type Restored = v.InferOutput<typeof RestoredSchema>

/** Who put it back: the lab's request, the agent on EOF or lease, the guardian, a next start. */
export const RestoredBySchema = v.picklist(['request', 'eof', 'lease', 'guardian', 'next-start'])
/** Who put it back. */
export type RestoredBy = v.InferOutput<typeof RestoredBySchema>

/** One journal of the host: an apply and how it ended. */
export const JournalEntrySchema = v.object({
  id: v.string(),
  startedAt: v.string(),
  scheme: v.string(),
  vms: v.array(VmNameSchema),
  /** `open`: applied now; `restored`: put back and verified; `dirty`: something still differs. */
  state: v.picklist(['open', 'restored', 'dirty']),
  restoredBy: v.nullable(RestoredBySchema),
  endedAt: v.nullable(v.string()),
  changes: v.array(ChangeSchema),
  differences: v.array(Text),
})
/** One journal of the host. */
export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>
