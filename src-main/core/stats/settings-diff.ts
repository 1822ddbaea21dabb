/** Which settings differ between the columns of a comparison; the others are only counted. */
import type { SettingPart, SettingsDiff } from '../contract/settings.ts'

/** What one column's runs were made with: values seen of each setting, by part and path. */
export type SettingsColumn = {
  readonly label: string
  readonly settings: ReadonlyMap<string, ReadonlySet<string>>
}

/** Values of one setting that are named one by one. */
const VALUES_SHOWN = 3

const keyOf = (part: SettingPart, path: string): string => `${part}\n${path}`

/** Collects the settings of a column. */
export class SettingsCollector {
  readonly #settings = new Map<string, Set<string>>()

  /** Adds every leaf of a value: `vms[0].workload.app`. */
  add(part: SettingPart, value: unknown, path = ''): void {
    if (value === null || value === undefined) return
    if (Array.isArray(value)) {
      value.forEach((item, index) => this.add(part, item, `${path}[${index}]`))
      return
    }
    if (typeof value === 'object') {
      for (const [key, field] of Object.entries(value)) {
        this.add(part, field, path === '' ? key : `${path}.${key}`)
      }
      return
    }
    const key = keyOf(part, path)
    const values = this.#settings.get(key) ?? new Set()
    this.#settings.set(key, values.add(typeof value === 'string' ? value : JSON.stringify(value)))
  }

  /** What was collected, under a name. */
  column(label: string): SettingsColumn {
    return { label, settings: this.#settings }
  }
}

function shown(values: ReadonlySet<string> | undefined): string {
  if (values === undefined || values.size === 0) return '–'
  if (values.size > VALUES_SHOWN) return `${values.size} values`
  return [...values].toSorted().join(' · ')
}

const same = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean =>
  a?.size === b?.size && [...(a ?? [])].every((value) => b?.has(value) === true)

/** The settings whose values are not the same in every column, in the order in which they occur. */
export function diffSettings(columns: readonly SettingsColumn[]): SettingsDiff {
  const keys = [...new Set(columns.flatMap(({ settings }) => [...settings.keys()]))]
  const differing = keys.filter((key) => {
    const [first, ...rest] = columns.map(({ settings }) => settings.get(key))
    return rest.some((values) => !same(first, values))
  })
  return {
    columns: columns.map(({ label }) => label),
    settings: keys.length,
    rows: differing.map((key) => {
      const [part, path] = key.split('\n') as [SettingPart, string]
      return { part, path, values: columns.map(({ settings }) => shown(settings.get(key))) }
    }),
  }
}
