// Only what differs is listed; the rest is counted.
import { describe, expect, it } from 'vitest'
import { diffSettings, SettingsCollector } from '../../../src-main/core/stats/settings-diff.ts'

function column(label: string, ...values: unknown[]) {
  const collector = new SettingsCollector()
  for (const value of values) collector.add('scenario', value)
  return collector.column(label)
}

describe('settings that differ', () => {
  it('are those whose values are not the same in every column', () => {
    const cfs = { host: { preset: 'bed' }, vms: [{ vcpus: 2, weight: 1024 }], limit: null }
    const gang = { host: { preset: 'bed' }, vms: [{ vcpus: 2, weight: 256 }], poll: true }
    expect(diffSettings([column('cfs', cfs), column('gang', gang)])).toEqual({
      columns: ['cfs', 'gang'],
      settings: 4,
      rows: [
        { part: 'scenario', path: 'vms[0].weight', values: ['1024', '256'] },
        { part: 'scenario', path: 'poll', values: ['–', 'true'] },
      ],
    })
  })

  it('do not list what varies alike in all columns', () => {
    const apps = [{ app: 'ep' }, { app: 'ring' }]
    expect(diffSettings([column('a', ...apps), column('b', ...apps.toReversed())]).rows).toEqual([])
  })

  it('count values that are too many to name', () => {
    const many = [1, 2, 3, 4].map((n) => ({ n }))
    const [row] = diffSettings([column('a', ...many), column('b', { n: 1 })]).rows
    expect(row?.values).toEqual(['4 values', '1'])
  })
})
