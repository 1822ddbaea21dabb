// `npm run bed:check`: the whole way once, from the command line over SSH to guests and back. Runs
// four modes of the micro-benchmark under stock and flexcore on a bed of its own, and prints one
// JSON line: the median of the paired time ratios flexcore / stock of each, with its interval.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { ComparisonSchema } from '../../src-main/core/contract/comparison.ts'
import { median } from '../../src-main/core/stats/descriptive.ts'
import { medianInterval } from '../../src-main/core/stats/median-interval.ts'
import { startBed, type Bed } from './bed.ts'
import { SSH_HOST } from './sshd.ts'

const MAIN = path.join(import.meta.dirname, '../../src-main/hosts/cli/main.ts')

/** The fewest of which a median has a 95 % interval. */
const REPETITIONS = 6

/** About a second of each mode under TCG; spinning threads on one vCPU need a slice a hand-over. */
const MODES = {
  ring: { threads: 2, iterations: 300, workNs: 0 },
  tlb: { threads: 2, iterations: 200 },
  ep: { threads: 2, iterations: 200 },
  'spin-barrier': { threads: 2, iterations: 100 },
}

process.exitCode = await main()

async function main(): Promise<number> {
  const startedMs = performance.now()
  const bed = await startBed({ guests: 2, vcpus: 2, ssh: true })
  try {
    const ratios = await measure(bed)
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    const { accelerator } = bed
    const line = { kind: 'measured', accelerator, repetitions: REPETITIONS, seconds, ratios }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return 0
  } finally {
    await bed.stop()
  }
}

async function measure(bed: Bed) {
  const folder = path.join(bed.folder, 'lab')
  mkdirSync(folder)
  const database = path.join(folder, 'library.sqlite')
  const flexlab = (...argv: string[]) => run(process.execPath, [MAIN, '--db', database, ...argv])
  const { configFile, hostKey } = bed.ssh!
  const consent = ['--ssh-config', configFile, '--fingerprint', fingerprintOf(hostKey)]
  await flexlab('host', 'add', SSH_HOST, ...consent)
  const file = path.join(folder, 'campaign.json')
  writeFileSync(file, JSON.stringify(campaignOn(bed)))
  await flexlab('campaign', 'run', file)
  return medianRatios(JSON.parse(await flexlab('compare', 'latest', '--json')))
}

/** What a program prints; how far it is (stderr) goes to whoever waits for the check. */
async function run(program: string, argv: readonly string[]): Promise<string> {
  const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'], shell: false })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${stdout}`)
  return stdout
}

/** As OpenSSH shows it. */
function fingerprintOf(hostKey: string): string {
  const [, base64 = ''] = hostKey.split(' ')
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}

function campaignOn({ guests }: Bed) {
  const vms = guests.map(({ name, vcpus }) => ({ name, vcpus, workload: { app: '$app' } }))
  return {
    kind: 'campaign',
    version: 1,
    name: 'bed:check',
    measured: { host: SSH_HOST, coolDownMs: 200 },
    axes: {
      app: Object.keys(MODES),
      scheme: ['stock', { id: 'flexcore', params: { resize: 'hotplug' } }],
      mix: [{ name: 'both', vms }],
    },
    appParams: MODES,
    seeds: { first: 1, count: REPETITIONS },
    baseline: 'stock',
  }
}

/** Median of T(flexcore) / T(stock) over the repetitions of each mode; below 1: flexcore wins. */
function medianRatios(json: unknown) {
  const { rows } = v.parse(ComparisonSchema, json)
  const ratios = Object.keys(MODES).map((mode) => {
    const [stock, flexcore] = ['stock', 'flexcore'].map((id) => {
      const row = rows.find(({ app, scheme }) => app === mode && scheme.startsWith(id))
      if (row === undefined) throw new Error(`${mode} has no run under ${id}`)
      return new Map(row.sample.seeds.map((seed, index) => [seed, row.sample.valuesNs[index]!]))
    })
    const paired = [...stock!].flatMap(([seed, ns]) => {
      const other = flexcore!.get(seed)
      return other === undefined ? [] : [other / ns]
    })
    const interval = medianInterval(paired)
    const at = (ratio: number) => Number(ratio.toPrecision(3))
    const ci95 = interval === null ? null : [at(interval.lo), at(interval.hi)]
    return [mode, { pairs: paired.length, medianRatio: at(median(paired)), ci95 }]
  })
  return Object.fromEntries(ratios) as Record<string, unknown>
}
