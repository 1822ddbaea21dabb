// docs/extending.md and docs/flexlab.d.ts: the example type-checks, runs, and does what it says.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it, onTestFinished } from 'vitest'
import type * as declared from '../../docs/flexlab.d.ts'
import type { RunResult } from '../../src-main/core/contract/result.ts'
import type { Machine } from '../../src-main/core/model/machine.ts'
import type { Policy } from '../../src-main/core/model/policy.ts'
import { SCHEME_API } from '../../src-main/core/schemes/scheme-api.ts'
import { POLICY_HOOKS } from '../../src-main/core/simulate/user-scheme.ts'
import { defaultUserFolder, openLab } from '../../src-main/lab/index.ts'

const DOCUMENT = readFileSync('docs/extending.md', 'utf8')
const TYPES = readFileSync('docs/flexlab.d.ts', 'utf8')
const LOTTERY = /```ts\n([\s\S]*?)```/.exec(DOCUMENT)?.[1] ?? ''

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return folder
}

/** The problems that an editor would show in the scheme. */
function typeErrors(scheme: string): string[] {
  const folder = folderWith({ 'flexlab.d.ts': TYPES, 'scheme.ts': scheme })
  const program = ts.createProgram([path.join(folder, 'scheme.ts')], {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    types: [],
  })
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

async function run(scheme: string, seed: number, weights: readonly number[]): Promise<RunResult> {
  const file = path.join(folderWith({ 'lottery.ts': LOTTERY }), 'lottery.ts')
  const lab = await openLab({
    databaseFile: ':memory:',
    host: 'cli',
    appVersion: '0.0.0-test',
    workers: 1,
    userPlaces: { folder: null, schemeFiles: [file], workloadFiles: [] },
  })
  onTestFinished(() => lab.close())
  const vms = weights.map((weight) => ({ vcpus: 1, weight, workload: { app: 'hog' } }))
  const host = { sockets: 1, coresPerSocket: 1, threadsPerCore: 1 }
  const scenario = { kind: 'scenario', version: 1, name: 'draws', host, vms, seed }
  return lab.simulation.run(
    lab.simulation.read(JSON.stringify({ ...scenario, scheme: { id: scheme } })),
  )
}

describe('the example of docs/extending.md', () => {
  it('type-checks against docs/flexlab.d.ts', () => {
    expect(typeErrors(LOTTERY)).toEqual([])
  }, 120_000)

  it('is refused by the types with a hook that does not exist or an action used wrongly', () => {
    const wrong = LOTTERY.replace('host: {', 'timers() {},\n        host: {')
    expect(typeErrors(wrong).join('\n')).toContain('timers')
    const badly = LOTTERY.replace('let draws = 0', 'let draws = lab.pcpuCount(7)')
    expect(typeErrors(badly)).toHaveLength(1)
  }, 120_000)

  it('shares a pCPU by tickets, and the same seed draws the same', async () => {
    const shares = async (seed: number) => {
      const { vms, traceHash } = await run('lottery', seed, [3072, 1024])
      const [heavy = 0, light = 0] = vms.map(({ cpuNs }) => cpuNs)
      return { share: heavy / (heavy + light), traceHash }
    }
    const first = await shares(1)
    expect(first.share).toBeGreaterThan(0.5)
    expect(await shares(1)).toEqual(first)
    expect((await shares(2)).traceHash).not.toBe(first.traceHash)
  })
})

describe('docs/flexlab.d.ts', () => {
  it('declares nothing that the lab does not have', () => {
    // Held by the type-checker: these lines do not compile otherwise.
    const lab: declared.Lab = SCHEME_API
    const machine: (m: Machine) => declared.Machine = (m) => m
    const policy: (p: declared.Policy) => Policy = (p) => p
    expect([lab, machine, policy]).toHaveLength(3)
  })

  it('declares every hook of a policy', () => {
    const policy = /export type Policy = \{([\s\S]*?)\n\}/.exec(TYPES)?.[1]
    for (const hook of Object.keys(POLICY_HOOKS)) expect(policy).toContain(`${hook}?`)
  })

  it('names every action and helper that a scheme gets', () => {
    const internal = new Set(['applyResize', 'leaveNow', 'takeOffline'])
    for (const name of Object.keys(SCHEME_API)) {
      if (!internal.has(name)) expect(TYPES, name).toMatch(new RegExp(`\\b${name}\\b`))
    }
  })
})

describe('the places of docs/extending.md', () => {
  it('are those that are searched', () => {
    expect(path.basename(defaultUserFolder())).toBe('flexcore-lab')
    expect(DOCUMENT).toContain('~/.local/share/flexcore-lab')
  })
})
