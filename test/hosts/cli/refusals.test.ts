// What the command line says to what it cannot do: one line, a hint, the documented exit code, and
// nothing lost.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SMALL_SCENARIO, smallCampaign } from '../../lab/support/small-campaign.ts'
import { Workplace, workplace } from './flexlab.ts'

const place = new Workplace()

beforeAll(async () => {
  const file = place.write('small.yaml', smallCampaign(1))
  expect((await place.flexlab('campaign', 'run', file)).code).toBe(0)
  writeFileSync(path.join(place.folder, 'binary.yaml'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]))
  writeFileSync(path.join(place.folder, 'latin1.yaml'), Buffer.from('name: caf\xe9', 'latin1'))
  writeFileSync(path.join(place.folder, 'large.yaml'), 'x'.repeat(9_000_000))
  mkdirSync(path.join(place.folder, 'folder'))
})

afterAll(() => place.remove())

type Case = readonly [name: string, args: readonly string[], code: number, said: RegExp]

const CASES: readonly Case[] = [
  ['a folder as a scenario', ['simulate', 'folder'], 2, /folder is a folder, not a file/],
  ['a binary file', ['simulate', 'binary.yaml'], 2, /binary.yaml is not a text file/],
  ['a file in another encoding', ['campaign', 'run', 'latin1.yaml'], 2, /not a text file/],
  ['a file that is far too large', ['simulate', 'large.yaml'], 2, /large.yaml is too large/],
  ['an empty library name', ['--db', '', 'campaign', 'list'], 2, /must name a file/],
  ['a library in no folder', ['--db', 'no/where.db', 'runs'], 3, /there is no folder .*no$/m],
  ['a folder as a library', ['--db', 'folder', 'runs'], 2, /is a folder, not a library/],
  ['too many workers', ['--workers', '100000', 'runs'], 2, /at most 256/],
  ['a port beyond the last', ['serve', '--port', '65536'], 2, /at most 65535/],
  ['a cell that is no number', ['campaign', 'retry', 'latest', '1,x'], 2, /"x" is no cell/],
  ['a cell that is not there', ['campaign', 'skip', 'latest', '9'], 3, /has no cell 9/],
  ['a report into no folder', ['report', 'latest', '-o', 'no/x.pdf'], 2, /there is no folder/],
  [
    'a report of a section that there is not',
    ['report', 'latest', '--sections', 'verdict,weather'],
    2,
    /no section "weather"; there are: verdict/,
  ],
  ['a report over a folder', ['report', 'latest', '-o', 'folder'], 2, /is a folder/],
  ['a backup into no folder', ['library', 'backup', 'no/x.db'], 2, /there is no folder/],
  ['a backup over itself', ['library', 'backup', 'library.sqlite'], 2, /is the library itself/],
  [
    'a part of the bench that is none',
    ['bench', '--only', 'modle'],
    2,
    /no modle; there are engine/,
  ],
  [
    'a folder without SimSo',
    ['bench', '--only', 'simso', '--simso', 'folder'],
    2,
    /not hold SimSo/,
  ],
  ['conditions that are incomplete', ['runs', '--where', 'timeNs >'], 2, /goes a value/],
  ['groups by what there is not', ['runs', '--group-by', 'colour'], 2, /are grouped by app/],
  ['an average of texts', ['runs', '--measure', 'scheme'], 2, /is not a number/],
  ['a view that nobody saved', ['runs', '--view', 'none'], 3, /there is no view/],
  ['a missing copy', ['library', 'restore', 'nowhere.db'], 3, /there is no file .*nowhere\.db/],
  ['a copy that is none', ['library', 'restore', 'small.yaml'], 1, /is not a FlexCore Lab library/],
]

describe('is refused', () => {
  it.each(CASES)('%s', async (_name, args, code, said) => {
    const ended = await place.flexlab(...args)
    expect(ended.stderr).toMatch(said)
    expect(ended.stderr).not.toMatch(/ at .*\.ts:/)
    expect(ended.stdout).toBe('')
    expect(ended.code).toBe(code)
    expect(existsSync(path.join(place.folder, 'no'))).toBe(false)
  })

  it('without letting a file’s text steer the terminal', async () => {
    const file = place.write('esc.yaml', `${SMALL_SCENARIO}"\\e[2J": 1\n`)
    const { stderr, code } = await place.flexlab('simulate', file)
    expect(stderr).not.toContain('\u001b')
    expect(code).toBe(2)
  })
})

describe('changes nothing, and says so', () => {
  it('to retry or to skip cells that have finished', async () => {
    const retried = await place.flexlab('campaign', 'retry', 'latest', '0,1')
    expect(retried.stderr).toMatch(/^0 cells to run again\nonly cells that failed or were skipped/)
    const skipped = await place.flexlab('campaign', 'skip', 'latest', '0')
    expect(skipped.stderr).toMatch(/^0 cells skipped\nonly cells that have not finished/)
    expect([retried.code, skipped.code]).toEqual([0, 0])
  })
})

describe('a copy of a library', () => {
  it('takes its place by its name, and what was there is kept', async () => {
    const here = workplace()
    await here.flexlab('campaign', 'run', here.write('a.yaml', smallCampaign(1, 'first')))
    await here.flexlab('library', 'backup', 'copy.sqlite')
    await here.flexlab('campaign', 'run', here.write('b.yaml', smallCampaign(1, 'second')))
    expect((await here.flexlab('library', 'restore', 'copy.sqlite')).code).toBe(0)
    expect(await here.json('campaign', 'list')).toMatchObject([{ name: 'first' }])
    const kept = readdirSync(here.folder).find((name) => name.includes('.replaced-'))
    const rows = await here.json('--db', path.join(here.folder, kept ?? ''), 'campaign', 'list')
    expect(rows).toHaveLength(2)
  })
})
