// What a scheme of your own works with, for your editor: put this file beside the scheme and write
// `import type { Lab, Scheme } from './flexlab.d.ts'`. It holds types only, nothing that runs.
// docs/extending.md explains it; test/docs/extending.test.ts holds it to the code.

/** Where a default comes from: S read in a source, K common knowledge, D derived, A assumed. */
export type Mark = 'S' | 'K' | 'D' | 'A'

/** A parameter. `unit` sets its range: ns 10⁴ … 10¹², '' 0 … 1, vCPUs and periods whole from 0. */
export type Parameter = {
  readonly key: string
  readonly label: string
  readonly value: number | string | boolean
  readonly unit: string
  readonly mark: Mark
  readonly source: string
  readonly choices?: string[]
}

/** What a scheme is, for people. */
export type SchemeInfo = {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly fixes?: string
  readonly breaks?: string
  readonly source?: string
  readonly note?: string
  readonly parameters?: Parameter[]
}

/** Parameters of one use of the scheme; `lab.resolveParams` fills in the defaults. */
export type Params = Readonly<Record<string, number | string | boolean>>

/** What the file's default export returns. State of a run belongs inside `create`. */
export type Scheme = {
  readonly id?: string
  readonly info: SchemeInfo
  readonly create: (spec: Spec, params: Params) => Policy
}

/** What is simulated: never changes during a run. */
export type Spec = {
  readonly topology: {
    readonly sockets: number
    readonly coresPerSocket: number
    readonly coresPerLlc: number
    readonly threadsPerCore: number
  }
  readonly vms: readonly {
    readonly name: string
    readonly vcpus: number
    readonly weight: number
    readonly startNs: number
    readonly stopNs: number
  }[]
  /** Costs by name: `flexlab catalogue <host>`. */
  readonly costs: Readonly<Record<string, number>>
  readonly seed: number
}

/** What a scheme may decide. Absent members: stock KVM on CFS. */
export type Policy = {
  /** In which order vCPUs get a pCPU. */
  readonly host?: HostScheduler
  /** Once, before the first event. */
  start?(m: Machine): void
  /** Timer `k` of `lab.setTimer` fired; it fires once. */
  timer?(m: Machine, k: number): void
  /** A resize of the VM took effect. */
  resized?(m: Machine, vm: number): void
  /** May the vCPU be queued on the pCPU? Asked at wake-up and by load balancing. */
  allows?(m: Machine, v: number, p: number): boolean
  /** The VM started, or is finished or gone for good. */
  vmChanged?(m: Machine, vm: number): void
  /** For how long the preemption of the pCPU's current vCPU is put off, ns (0: not). */
  defersNs?(m: Machine, p: number, v: number): number
  /** The thread left a kernel lock or a TLB shootdown. */
  sectionLeft?(m: Machine, t: number): void
  /** A vCPU sent an IPI to a sibling. */
  ipiSent?(m: Machine, from: number, to: number): void
  /** A thread's wait for a kernel spin lock or a shootdown is over. */
  spinEnded?(m: Machine, t: number, waitedNs: number): void
}

/** A host scheduler. Start from CFS, `{ ...lab.CFS_HOST }`, and replace what differs. */
export type HostScheduler = {
  /** The pCPU's current vCPU ran for `ranNs`. */
  account(m: Machine, p: number, v: number, ranNs: number): void
  /** Who runs next of the queue `m.pHead[p]` → `m.vNext`, not a held one; −1: none. */
  pick(m: Machine, p: number): number
  /** How long the vCPU just picked may run, ns. Absent: ticks decide. */
  sliceNs?(m: Machine, p: number, v: number): number
  /** Host tick on a busy pCPU: is a new choice due? */
  tick(m: Machine, p: number): boolean
  /** A vCPU wakes on the pCPU and is about to be queued. */
  woken(m: Machine, v: number, p: number): void
  /** Should the vCPU that has just woken run at once? Asked of an idle pCPU too: true there. */
  preempts(m: Machine, v: number, p: number): boolean
  /** Where a vCPU wakes; must heed `lab.mayUse`. */
  selectPcpu(m: Machine, v: number): number
  /** The vCPU goes from one pCPU's queue to another's. */
  moved(m: Machine, v: number, from: number, to: number): void
  /** The pCPU is about to idle: pulls work to its queue; true when some came. */
  pullIdle(m: Machine, p: number): boolean
  /** Host tick on a busy pCPU: balances load. */
  balance(m: Machine, p: number): void
}

/** An array of the machine by entity number; read it, the actions of `Lab` write. */
export type Column = { readonly [index: number]: number; readonly length: number }

/** One VM. Its vCPUs are firstV … firstV + vcpus − 1, its threads likewise. */
export type Vm = {
  readonly index: number
  readonly firstV: number
  readonly vcpus: number
  readonly firstT: number
  readonly threads: number
  /** vCPUs that are not ballooned. */
  readonly online: number
  /** Runnable vCPUs that do not run. */
  readonly runnable: number
  /** pCPU time used so far, ns. */
  readonly cpuNs: number
  readonly started: boolean
  readonly finished: boolean
}

/** The machine. p: a pCPU's number, v: a vCPU's, t: a thread's. Times in ns. */
export type Machine = {
  readonly now: number
  readonly spec: Spec
  readonly pcpus: number
  readonly vcpus: number
  readonly threads: number
  /** pCPUs of a socket. */
  readonly perSocket: number
  readonly vms: readonly Vm[]
  readonly idlePcpus: number
  /** Running vCPU, −1: none. */
  readonly pCur: Column
  /** First vCPU of the queue, −1: none; the next ones by `vNext`. */
  readonly pHead: Column
  /** vCPUs queued or running. */
  readonly pCount: Column
  readonly pSocket: Column
  readonly pCore: Column
  /** vCPUs of a VM on a pCPU, queued or running: `vmOnP[vm * pcpus + p]`. */
  readonly vmOnP: Column
  /** The vCPU's VM. */
  readonly vVm: Column
  /** One of `lab.VCPU`. */
  readonly vState: Column
  /** Where it runs, is queued or ran last. */
  readonly vP: Column
  readonly vPin: Column
  readonly vWeight: Column
  /** 1: held back by `setHeld`. */
  readonly vHeld: Column
  readonly vNext: Column
  /** When it was last given its pCPU. */
  readonly vSliceAt: Column
  /** Its current thread, −1: none. */
  readonly vCur: Column
  readonly tVm: Column
  /** The vCPU on which the thread runs or waits. */
  readonly tV: Column
  /** One of `lab.THREAD`. */
  readonly tState: Column
  /** Not 0: in a section that the guest does not preempt, such as under a kernel lock. */
  readonly tNoPreempt: Column
}

/** A VM's claim on pCPUs. `need`: vCPUs that it could use, 0: it is idle; absent: all. */
export type Claim = { readonly weight: number; readonly vcpus: number; readonly need?: number }

/** What the scheme's file gets: actions and helpers. */
export type Lab = {
  /** Starts timer `k`, 0 … 7: it fires in `ns`. */
  setTimer(m: Machine, k: number, ns: number): void
  /** Pins a vCPU to a pCPU (−1: unpinned); it moves there at once. */
  setPin(m: Machine, v: number, p: number): void
  /** Holds a vCPU back from running, or lets it go. */
  setHeld(m: Machine, v: number, held: boolean): void
  /** The same for all vCPUs of a VM. */
  holdVm(m: Machine, vm: number, held: boolean): void
  /** Gives a VM `pins.length` vCPUs, pinned so (−1: unpinned), after `latencyNs`. */
  resize(
    m: Machine,
    vm: number,
    pins: readonly number[],
    cost: { readonly latencyNs: number; readonly stopNs: number },
  ): void
  /** Asks for a new choice on the pCPU. */
  requestReschedule(m: Machine, p: number): void
  /** May the vCPU use the pCPU, by its pin and the scheme's `allows`? */
  mayUse(m: Machine, v: number, p: number): boolean
  /** Time that the vCPU has been runnable without running, ns. */
  runDelayNs(m: Machine, v: number): number
  pcpuCount(topology: Spec['topology']): number
  /** pCPUs for each VM by weight, at least one for each that is not idle. */
  allocateVcpus(pcpus: number, claims: readonly Claim[]): readonly number[]
  /** Places such numbers on pCPUs, each VM within a socket where it can be. */
  placeVcpus(
    counts: readonly number[],
    current: readonly (readonly number[])[],
    topology: { readonly pcpus: number; readonly perSocket: number },
  ): readonly (readonly number[])[]
  /** Key of a random stream from the seed and up to three numbers. */
  streamKey(seed: number, a: number, b?: number, c?: number): number
  /** The i-th draw of a stream, uniform in (0, 1): use this, never Math.random. */
  uniformAt(key: number, index: number): number
  numberParameter(
    key: string,
    label: string,
    value: number,
    unit: string,
    mark: Mark,
    source: string,
  ): Parameter
  choiceParameter(
    key: string,
    label: string,
    choices: string[],
    value: string,
    source: string,
  ): Parameter
  /** The parameters of one use: the defaults, then what the scenario says. */
  resolveParams(info: SchemeInfo, params: Params): Params
  /** Stock CFS. */
  readonly CFS_HOST: HostScheduler
  readonly VCPU: {
    readonly offline: 0
    readonly halted: 1
    readonly runnable: 2
    readonly running: 3
  }
  readonly THREAD: { readonly idle: 0; readonly ready: 1; readonly current: 2; readonly blocked: 3 }
}
