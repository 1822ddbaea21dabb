// Parts of the lab that need no library: causes of a change, paths, the commit, the speed meter.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { TIME_CLASS_KEYS } from '../../src-main/core/base/time-class.ts'
import type { TimeByClassNs } from '../../src-main/core/base/time-class.ts'
import { defaultDatabaseFile } from '../../src-main/lab/default-paths.ts'
import { sourceCommit } from '../../src-main/lab/environment.ts'
import { causesOfChange } from '../../src-main/core/stats/main-causes.ts'
import { SpeedMeter } from '../../src-main/lab/runner/speed-meter.ts'
import { temporaryFolder } from './support/scripted-campaign.ts'

const times = (some: Partial<TimeByClassNs>): TimeByClassNs => {
  const none = Object.fromEntries(TIME_CLASS_KEYS.map((key) => [key, 0])) as TimeByClassNs
  return { ...none, ...some }
}

describe('the causes of a change', () => {
  it('are counted per useful work, so a longer run of the same kind has none', () => {
    const baseline = times({ useful: 100, lhp: 50 })
    const longer = times({ useful: 300, lhp: 150, idle: 500 })
    for (const { change } of causesOfChange(baseline, longer)) expect(change).toBeCloseTo(0)
  })

  it('sum to the whole change, the largest first', () => {
    const baseline = times({ useful: 100, lhp: 80, lock: 20 })
    const other = times({ useful: 100, lhp: 10, lock: 30, refill: 10 })
    const causes = causesOfChange(baseline, other)
    expect(causes[0]?.label).toBe('Lock-holder preemption')
    expect(causes[0]?.change).toBeCloseTo(-0.35)
    expect(causes.reduce((sum, cause) => sum + cause.change, 0)).toBeCloseTo(150 / 200 - 1)
  })

  it('do not count a wait that only moved from the host’s queue to the guest’s', () => {
    const causes = causesOfChange(
      times({ useful: 100, 'fair-share': 60, stacking: 40 }),
      times({ useful: 100, 'guest-queue': 100 }),
    )
    for (const { change } of causes) expect(change).toBeCloseTo(0)
  })

  it('are none where nothing useful was done', () => {
    expect(causesOfChange(times({}), times({ useful: 1 }))).toEqual([])
  })
})

describe('the library’s default place', () => {
  it('follows the platform', () => {
    const at = (platform: NodeJS.Platform, environment = {}): string =>
      defaultDatabaseFile(environment, platform, path.join(path.sep, 'h'))
    const file = path.join('flexcore-lab', 'library.sqlite')
    expect(at('linux')).toBe(path.join('/h/.local/share', file))
    expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe(path.join('/data', file))
    expect(at('linux', { XDG_DATA_HOME: 'not/absolute' })).toBe(path.join('/h/.local/share', file))
    expect(at('darwin')).toBe(path.join('/h/Library/Application Support', file))
    expect(at('win32', { APPDATA: '/appdata' })).toBe(path.join('/appdata', file))
  })
})

describe('the commit of the sources', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567'

  function repository(files: Record<string, string>): string {
    const root = temporaryFolder()
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(root, '.git', name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    return root
  }

  it('is read from a branch, packed or not, and from a detached head', () => {
    const head = { HEAD: 'ref: refs/heads/main\n' }
    const loose = repository({ ...head, 'refs/heads/main': `${commit}\n` })
    const packed = repository({ ...head, 'packed-refs': `# pack\n${commit} refs/heads/main\n` })
    const detached = repository({ HEAD: `${commit}\n` })
    for (const root of [loose, packed, detached]) expect(sourceCommit(root)).toBe(commit)
  })

  it('is read in a worktree, where .git is a file and branches are in the main repository', () => {
    const main = repository({ 'refs/heads/side': `${commit}\n` })
    const own = path.join(main, '.git', 'worktrees', 'side')
    mkdirSync(own, { recursive: true })
    writeFileSync(path.join(own, 'HEAD'), 'ref: refs/heads/side\n')
    writeFileSync(path.join(own, 'commondir'), '../..\n')
    const tree = temporaryFolder()
    for (const at of [own, path.relative(tree, own)]) {
      writeFileSync(path.join(tree, '.git'), `gitdir: ${at}\n`)
      expect(sourceCommit(tree)).toBe(commit)
    }
    writeFileSync(path.join(own, 'HEAD'), `${commit}\n`)
    expect(sourceCommit(tree)).toBe(commit)
  })

  it('is unknown without a repository', () => {
    expect(sourceCommit(temporaryFolder())).toBeNull()
  })
})

describe('the speed meter', () => {
  it('counts running time only, and the rate of the last seconds', () => {
    let nowMs = 0
    const meter = new SpeedMeter(() => nowMs)
    meter.start(0)
    for (nowMs = 1000; nowMs <= 10_000; nowMs += 1000) meter.rate(nowMs)
    nowMs = 10_000
    expect(meter.rate(13_000)).toBeGreaterThan(1000)
    meter.stop(13_000)
    nowMs = 60_000
    expect(meter.elapsedMs).toBe(10_000)
    expect(meter.rate(13_000)).toBe(1300)
    meter.start(13_000)
    nowMs = 61_000
    expect(meter.elapsedMs).toBe(11_000)
  })
})
