// Schemes and workloads of a user's on the command line: by file and by folder, good and broken.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { RunDetailSchema, CampaignDetailSchema } from '../../../src-main/core/contract/library.ts'
import { SMALL_SCENARIO, smallCampaign } from '../../lab/support/small-campaign.ts'
import { workplace } from './flexlab.ts'
import type { Workplace } from './flexlab.ts'

const LOTTERY = /```ts\n([\s\S]*?)```/.exec(readFileSync('docs/extending.md', 'utf8'))?.[1] ?? ''

/** A scheme with the given body of `create`. */
const schemeOf = (id: string, create: string): string => `
export default (lab) => ({
  info: { id: '${id}', title: 'Mine', summary: 'A scheme of a test.' },
  create(spec, params) {
    ${create}
  },
})
`

const underScheme = (id: string, more = ''): string =>
  `${SMALL_SCENARIO}scheme: { id: ${id} }\n${more}`

/** Puts a file into the folder that is searched. */
function install(place: Workplace, kind: 'schemes' | 'workloads', name: string, text: string) {
  const folder = path.join(place.folder, 'flexcore-lab', kind)
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('a scheme given by --scheme-file', () => {
  it('runs, is recorded with text and hash, and gives the same run for the same seed', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const scenario = place.write('small.yaml', underScheme('lottery'))
    const args = ['simulate', scenario, '--scheme-file', file]
    const first = (await place.json(...args, '--save')) as { runId: string; traceHash: string }
    const again = (await place.json(...args)) as { traceHash: string }
    expect(again.traceHash).toBe(first.traceHash)
    const run = v.parse(RunDetailSchema, await place.json('run', first.runId))
    const sha256 = createHash('sha256').update(LOTTERY).digest('hex')
    expect(run.scenario.scheme).toEqual({
      id: 'lottery',
      params: {},
      code: { sha256, text: LOTTERY },
    })
  })

  it('is shown by the catalogue, with its parameters and its file', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const { stdout } = await place.flexlab('catalogue', 'lottery', '--scheme-file', file)
    expect(stdout).toContain('quantumNs')
    expect(stdout).toContain(file)
  })

  it('has its parameters checked like those of a shipped one', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const text = `${SMALL_SCENARIO}scheme: { id: lottery, params: { quantum: 5e6 } }\n`
    const scenario = place.write('small.yaml', text)
    const ended = await place.flexlab('simulate', scenario, '--scheme-file', file)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('scheme.params.quantum: lottery has no such parameter')
    expect(ended.stderr).toContain('did you mean "quantumNs"?')
  })

  it.each([
    ['a syntax error', 'export default {\n  a: = 3,\n}\n', /mine\.ts:2: /],
    ['no function', 'export default { create() {} }\n', /default export is not a function/],
    ['the wrong shape', 'export default () => ({ info: { id: "X" } })\n', /info\.id: .*lower-case/],
    ['a throw at its top', 'const a = null\n\na.b()\nexport default 1\n', /mine\.ts:3: /],
    ['an import', 'import os from "node:os"\nexport default () => os\n', /imports node:os/],
    ['the id of a shipped scheme', schemeOf('cfs', 'return {}'), /"cfs" is the id of .* ships/],
    ['an end of its process', 'process.exit(3)\n', /mine\.ts: it ended its worker/],
  ])('that has %s is refused with its file and the reason', async (_what, text, reason) => {
    const place = workplace()
    const file = place.write('mine.ts', text)
    const ended = await place.flexlab('catalogue', '--scheme-file', file)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(reason)
    expect(ended.stderr).toContain(file)
  })

  it.each([
    ['create', "throw new Error('no')", /mine\.ts:5: no/],
    ['a timer', 'return { start(m) { lab.setTimer(m, 0, 1e6) }, timer(m) { m.no.no } }', /:5: /],
    ['an action used wrongly', 'return { start(m) { lab.setPin(m, 0, 99) } }', /:5: pCPU 99 is/],
    ['a hook that is none', 'return { timers() {} }', /"timers", which is no hook.*"timer"/s],
    ['Math.random', 'return { allows: () => Math.random() > 0.5 }', /:5: Math\.random gives/],
    [
      'a host that starts nobody',
      'return { host: { ...lab.CFS_HOST, preempts: () => false } }',
      /vCPUs could run but never do/,
    ],
    [
      'half a host',
      'return { host: { pick: () => -1 } }',
      /host\.\w+ must be a function.*CFS_HOST/s,
    ],
  ])('that fails in %s ends the run and says why', async (_what, create, reason) => {
    const place = workplace()
    const file = place.write('mine.ts', schemeOf('mine', create))
    const scenario = place.write('small.yaml', underScheme('mine'))
    const ended = await place.flexlab('simulate', scenario, '--scheme-file', file)
    expect(ended.stderr).toMatch(reason)
    expect(ended.code).toBe(2)
  })

  it('that never comes back is ended at the wall budget, and its line is named', async () => {
    const place = workplace()
    const create = 'return { start(m) { lab.setTimer(m, 0, 1e6) },\n timer() { for (;;); } }'
    const file = place.write('mine.ts', schemeOf('mine', create))
    const scenario = place.write('small.yaml', underScheme('mine', 'budget: { wallMsMax: 100 }\n'))
    const ended = await place.flexlab('simulate', scenario, '--scheme-file', file)
    expect(ended.stderr).toContain(`it was busy at ${file}:6`)
    expect(ended.code).toBe(6)
  })

  it('prints to stderr, so that a command’s JSON stays JSON', async () => {
    const place = workplace()
    const file = place.write('mine.mjs', schemeOf('mine', "console.log('hello'); return {}"))
    const scenario = place.write('small.yaml', underScheme('mine'))
    const ended = await place.flexlab('simulate', scenario, '--json', '--scheme-file', file)
    expect(JSON.parse(ended.stdout)).toMatchObject({ scenario: { scheme: { id: 'mine' } } })
    expect(ended.stderr).toContain('hello')
  })
})

describe('a scheme in a campaign', () => {
  it('is compared with a shipped one, cell by cell', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const campaign = place.write('small.yaml', smallCampaign(2))
    const args = ['--schemes', 'cfs,lottery', '--scheme-file', file]
    const ended = await place.flexlab('campaign', 'run', campaign, ...args)
    expect(ended.stderr).toContain('finished: 8 of 8 cells')
    expect(ended.code).toBe(0)
    const { stdout } = await place.flexlab('compare', 'latest', '--format', 'csv')
    expect(stdout).toMatch(/ep.*lottery/)
  })

  it('that has changed is not gone on with, and the text of then can be had', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const campaign = place.write('small.yaml', smallCampaign(1))
    const own = ['--scheme-file', file]
    const run = ['campaign', 'run', campaign, '--schemes', 'cfs,lottery', '--no-start']
    expect((await place.flexlab(...run, ...own)).code).toBe(0)
    writeFileSync(file, LOTTERY.replace('10e6', '20e6'))
    const changed = await place.flexlab('campaign', 'resume', 'latest', ...own)
    expect(changed.code).toBe(2)
    expect(changed.stderr).toContain('axes.scheme[1].code: the code of "lottery" has changed')
    const gone = await place.flexlab('campaign', 'resume', 'latest')
    expect(gone.code).toBe(2)
    expect(gone.stderr).toContain('--scheme-file')
    const then = await place.flexlab('campaign', 'scheme', 'latest', 'lottery')
    expect(then.stdout).toBe(LOTTERY)
    writeFileSync(file, then.stdout)
    const resumed = await place.flexlab('campaign', 'resume', 'latest', ...own)
    expect(resumed.stderr).toContain('finished: 4 of 4 cells')
  })

  it('whose text stands in a file of somebody else’s is not run', async () => {
    const place = workplace()
    const file = place.write('lottery.ts', LOTTERY)
    const campaign = place.write('small.yaml', smallCampaign(1))
    const run = ['campaign', 'run', campaign, '--schemes', 'cfs,lottery', '--no-start']
    await place.flexlab(...run, '--scheme-file', file)
    const foreign = place.write(
      'f.yaml',
      (await place.flexlab('campaign', 'file', 'latest')).stdout,
    )
    const ended = await place.flexlab('campaign', 'run', foreign)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('"lottery" is a scheme of a user')
    expect((await place.flexlab('campaign', 'run', foreign, '--scheme-file', file)).code).toBe(0)
  })
})

describe('the folders of a user', () => {
  it('add schemes and workloads to every command; a run holds the definition', async () => {
    const place = workplace()
    install(place, 'schemes', 'lottery.ts', LOTTERY)
    install(place, 'schemes', 'flexlab.d.ts', 'export type Lab = {}\n')
    const text = readFileSync('docs/files.md', 'utf8')
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml)
    const frames = blocks.find((yaml) => yaml.startsWith('kind: workload')) ?? ''
    install(place, 'workloads', 'frames.yaml', frames)
    const campaign = place.write('small.yaml', smallCampaign(1))
    const narrowed = ['--schemes', 'cfs,lottery', '--apps', 'frames']
    const ended = await place.flexlab('campaign', 'run', campaign, ...narrowed)
    expect(ended.stderr).toContain('finished: 2 of 2 cells')
    const detail = v.parse(CampaignDetailSchema, await place.json('campaign', 'show', 'latest'))
    const run = await place.json('run', detail.cells[0]?.runId ?? '')
    const { workload } = v.parse(RunDetailSchema, run).scenario.vms[0]!
    expect(workload.definition).toMatchObject({ kind: 'workload', id: 'frames' })
  })

  it('with broken files warn of each, and all else works', async () => {
    const place = workplace()
    const scheme = install(place, 'schemes', 'a.ts', 'export default 7\n')
    const workload = install(place, 'workloads', 'b.yaml', 'kind: workload\nversion: 2\n')
    install(place, 'schemes', 'lottery.ts', LOTTERY)
    const { stdout, stderr, code } = await place.flexlab('catalogue')
    expect(code).toBe(0)
    expect(stdout).toContain('lottery')
    expect(stderr).toContain(`not loaded: ${scheme}: its default export is not a function`)
    expect(stderr).toContain(`not loaded: ${workload}: version: must be 1`)
    const { stdout: doctor } = await place.flexlab('doctor')
    expect(doctor).toMatch(/! own files +1 schemes and 0 workloads/)
  })

  it('are not those beside a library, which may come from somebody else', async () => {
    const place = workplace()
    mkdirSync(path.join(place.folder, 'schemes'))
    writeFileSync(path.join(place.folder, 'schemes', 'lottery.ts'), LOTTERY)
    const { stdout } = await place.flexlab('catalogue')
    expect(stdout).not.toContain('lottery')
  })
})
