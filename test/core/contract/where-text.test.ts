// Conditions on columns: what is written is what is asked, and what is wrong says so.
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../../src-main/core/contract/run-columns.ts'
import { formatWhere, parseWhere } from '../../../src-main/core/contract/where-text.ts'

const read = (text: string): Condition[] => {
  const result = parseWhere(text)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const refused = (text: string): string => {
  const result = parseWhere(text)
  return result.ok ? 'not refused' : result.error.message
}

describe('conditions', () => {
  test('are columns, operators and values, joined by and', () => {
    expect(read('seed >= 3 and app = dedup AND scheme != "flexcore(resize=hotplug)"')).toEqual([
      { column: 'seed', operator: '>=', value: 3 },
      { column: 'app', operator: '=', value: 'dedup' },
      { column: 'scheme', operator: '!=', value: 'flexcore(resize=hotplug)' },
    ])
    expect(read('  ')).toEqual([])
  })

  test('take durations with their units into ns', () => {
    const values = read('timeNs>1.5s and timeNs<20ms and timeNs<3us and timeNs<4').map(
      ({ value }) => value,
    )
    expect(values).toEqual([1.5e9, 2e7, 3e3, 4])
  })

  test('mean metrics by names that are no column of a run itself', () => {
    expect(read('exits < 1e3 and latency.p99Ns > 5ms')).toEqual([
      { column: 'metric:exits', operator: '<', value: 1000 },
      { column: 'metric:latency.p99Ns', operator: '>', value: 5e6 },
    ])
  })

  test('mean settings by their names, quoted where they hold spaces', () => {
    expect(read('setting:sliceMs = 3 and setting:"halt poll" = off')).toEqual([
      { column: 'setting:sliceMs', operator: '=', value: 3 },
      { column: 'setting:halt poll', operator: '=', value: 'off' },
    ])
  })

  test('are written as they are read', () => {
    const all: Condition[] = [
      { column: 'timeNs', operator: '>', value: 1.5e9 },
      { column: 'app', operator: '=', value: 'two words' },
      { column: 'setting:halt poll', operator: '!=', value: 'and' },
      { column: 'setting:level', operator: '=', value: '12' },
      { column: 'metric:exits', operator: '<=', value: -2 },
      { column: 'metric:seed', operator: '=', value: 1 },
    ]
    expect(read(formatWhere(all))).toEqual(all)
  })

  test('that are incomplete or wrong say what is missing', () => {
    expect(refused('timeNs')).toMatch(/after “timeNs” goes one of/)
    expect(refused('timeNs >')).toMatch(/goes a value/)
    expect(refused('timeNs > soon')).toMatch(/“soon” is not a number/)
    expect(refused('seed = 1 or seed = 2')).toMatch(/where “and” goes/)
    expect(refused('seed = 1 and')).toMatch(/nothing follows/)
    expect(refused('app = "open')).toMatch(/cannot be read/)
  })
})
