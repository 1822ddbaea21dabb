/** Single runs of the micro-benchmark: for the calibration, and to have one speed of computing. */
import { LabError } from '../../core/base/lab-error.ts'
import type { MicroResult } from '../../core/contract/agent/micro.ts'
import type { VmWork } from '../../core/contract/agent/work.ts'
import { parseMicroOutput } from '../../core/work/micro-output.ts'
import { runProgram } from '../backend/run-program.ts'
import type { Vm } from '../backend/vm.ts'
import { Crew, type Part } from './crew.ts'
import type { GuestPrograms } from './guest-programs.ts'
import type { HostBuilds } from './host-builds.ts'
import { outputOf } from './iteration-times.ts'

const CALIBRATION_MS = 30_000

/** Runs the micro-benchmark. */
export class MicroRuns {
  readonly #programs: GuestPrograms
  readonly #builds: HostBuilds
  readonly #loopsPerUs = new Map<string, number>()

  constructor(programs: GuestPrograms, builds: HostBuilds) {
    this.#programs = programs
    this.#builds = builds
  }

  /** Its path in a VM, and the speed of its loop there: one for all runs of this agent. */
  async ready(vm: Vm, signal: AbortSignal) {
    const path = await this.#programs.path(vm.guest, 'flexlab-micro')
    const known = this.#loopsPerUs.get(vm.name)
    if (known !== undefined) return { path, loopsPerUs: known }
    const { loopsPerUs } = await this.inGuest(vm, ['calib', '--json'], CALIBRATION_MS, signal)
    this.#loopsPerUs.set(vm.name, loopsPerUs)
    return { path, loopsPerUs }
  }

  /** One run in a guest. @throws LabError `conflict` with its words when it fails */
  async inGuest(vm: Vm, args: readonly string[], timeoutMs: number, signal: AbortSignal) {
    const part = await this.#part(vm, args)
    const onProgress = () => Promise.resolve()
    const crew = await Crew.gather([part], { iterations: null, timeoutMs, signal, onProgress })
    try {
      await crew.release()
      await crew.follow()
      const [done] = await crew.finish()
      const { launched } = done!
      return resultIn(outputOf(launched, launched.iterations[0]!))
    } finally {
      await crew.dismiss()
    }
  }

  /** One run on the host itself. @throws LabError as `inGuest` does */
  async onHost(args: readonly string[], timeoutMs: number): Promise<MicroResult> {
    const path = await this.#builds.path('flexlab-micro')
    const { code, stdout, stderr } = await runProgram([path, ...args], timeoutMs)
    if (code === 0) return resultIn(stdout)
    throw new LabError('conflict', `flexlab-micro on the host: ${stderr.trim()}`)
  }

  async #part(vm: Vm, args: readonly string[]): Promise<Part> {
    const launcher = await this.#programs.path(vm.guest, 'flexlab-launch')
    const path = await this.#programs.path(vm.guest, 'flexlab-micro')
    const program: VmWork['program'] = { kind: 'micro', mode: 'ep', options: {} }
    return {
      ...{ vm, launcher, command: { argv: [path, ...args], env: {}, stdin: '', threads: 1 } },
      work: { vm: vm.name, program, iterations: 1, repeat: 'stop', startMs: 0 },
    }
  }
}

function resultIn(output: string): MicroResult {
  const results = parseMicroOutput(output)
  if (results.ok) return results.value.at(-1)!
  throw new LabError('conflict', results.error)
}
