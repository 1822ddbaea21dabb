/** What the agent finds on a host: the provenance of every measured run. */
import * as v from 'valibot'
import {
  AmountSchema,
  CountSchema,
  CpuListSchema,
  NotObservableSchema,
  VmNameSchema,
} from './names.ts'

const Text = v.pipe(v.string(), v.maxLength(4096))
const MaybeText = v.nullable(Text)

/** A logical CPU and where it is. `llc`: the lowest CPU that shares its last-level cache. */
export const PcpuSchema = v.object({
  id: CountSchema,
  socket: CountSchema,
  core: CountSchema,
  llc: CountSchema,
  numa: CountSchema,
  /** Highest clock, kHz; null where cpufreq is missing. */
  maxKhz: v.nullable(AmountSchema),
})
/** A logical CPU and where it is. */
export type Pcpu = v.InferOutput<typeof PcpuSchema>

/** A host as it was when it was asked. What a kernel does not show is null. */
export const HostFactsSchema = v.object({
  hostname: Text,
  os: Text,
  kernel: Text,
  cmdline: MaybeText,
  arch: Text,
  cpuModel: Text,
  microcode: MaybeText,
  governor: MaybeText,
  turbo: v.nullable(v.boolean()),
  clocksource: MaybeText,
  memoryBytes: AmountSchema,
  pcpus: v.array(PcpuSchema),
  /** As in sysfs: level, type, bytes; one of each kind, of CPU 0. */
  caches: v.array(v.object({ level: CountSchema, type: Text, bytes: AmountSchema })),
  /** /sys/devices/system/cpu/vulnerabilities by file name. */
  mitigations: v.record(v.string(), Text),
  /** The fair class of the host's kernel: EEVDF from 6.6 on. */
  fairClass: v.picklist(['cfs', 'eevdf']),
  /** Parameters of the kvm modules by `module.parameter`; empty without KVM. */
  kvmParameters: v.record(v.string(), Text),
  cgroup: v.picklist(['v1', 'v2', 'none']),
  qemuVersion: MaybeText,
  libvirtVersion: MaybeText,
  /** CPUs the agent itself may use (its own affinity): a container may have fewer than the host. */
  allowedCpus: CpuListSchema,
  loadAverage: AmountSchema,
  uid: CountSchema,
  notObservable: NotObservableSchema,
})
/** A host as it was when it was asked. */
export type HostFacts = v.InferOutput<typeof HostFactsSchema>

/** One vCPU: its host thread, where that may run, and whether the guest has it online. */
export const VcpuFactsSchema = v.object({
  index: CountSchema,
  /** Host thread; null where the monitor does not tell and threads have no names. */
  tid: v.nullable(CountSchema),
  affinity: CpuListSchema,
  /** null: the guest agent does not answer. */
  online: v.nullable(v.boolean()),
})
/** One vCPU. */
export type VcpuFacts = v.InferOutput<typeof VcpuFactsSchema>

/** What runs in the guest; null for all of it when its agent does not answer. */
export const GuestFactsSchema = v.object({
  agentVersion: Text,
  kernel: MaybeText,
  os: MaybeText,
  /** Guest CPUs that user processes may use now (cpuset); null where it cannot be asked. */
  allowedCpus: v.nullable(CpuListSchema),
  /** The commands that its agent allows. */
  canResize: v.boolean(),
  canExec: v.boolean(),
})
/** What runs in the guest. */
export type GuestFacts = v.InferOutput<typeof GuestFactsSchema>

/** A VM of the host. */
export const VmFactsSchema = v.object({
  name: VmNameSchema,
  backend: v.picklist(['qemu', 'libvirt']),
  state: v.picklist(['running', 'paused', 'off']),
  pid: v.nullable(CountSchema),
  /** `kvm`, or `tcg` (emulation): said on every result. */
  accel: v.picklist(['kvm', 'tcg', 'unknown']),
  memoryBytes: v.nullable(AmountSchema),
  vcpus: v.array(VcpuFactsSchema),
  /** CPU weight of its cgroup in CFS's unit (1024 = nice 0). */
  weight: AmountSchema,
  guest: v.nullable(GuestFactsSchema),
  /** Why the guest is null, or what of the VM could not be seen. */
  problem: MaybeText,
})
/** A VM of the host. */
export type VmFacts = v.InferOutput<typeof VmFactsSchema>
