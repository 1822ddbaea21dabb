/**
 * The campaign file as the form sees it. The text is the truth: the form reads what it can of it,
 * leniently, and writes single fields back, so that comments and order of a YAML file survive.
 */
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml'
import type { Document } from 'yaml'
import type { ParamValue } from '../../src-main/core/contract/values.ts'

/** Where in the file: `['axes', 'mix', 0, 'name']`. */
export type FieldPath = readonly (string | number)[]

/** A scheme of the axis, always with its parameters. */
export type DraftScheme = { readonly id: string; readonly params: Record<string, ParamValue> }

/** A VM of a mix, as far as it is written. */
export type DraftVm = {
  readonly name: string
  readonly vcpus: number
  readonly weight: number
  readonly iterations: number
  readonly repeat: string
  readonly app: string
}

/** A mix of VMs. */
export type DraftMix = { readonly name: string; readonly vms: readonly DraftVm[] }

/** A further axis; `levels` holds the names where it has levels in place of a path and values. */
export type DraftAxis = {
  readonly name: string
  readonly path: string
  readonly values: readonly ParamValue[]
  readonly levels: readonly string[] | null
}

/** A rule that leaves cells out; factors that it does not name are any. */
export type DraftRule = {
  readonly app?: string
  readonly scheme?: string
  readonly mix?: string
  readonly overcommit?: number
}

/** What the form shows; missing fields have the contract's defaults. */
export type CampaignDraft = {
  readonly name: string
  readonly description: string
  readonly preset: string
  readonly switches: Readonly<Record<SwitchName, boolean>>
  readonly pvLocks: string
  /** The host that it is measured on; null: it is simulated. */
  readonly measuredHost: string | null
  /** Programs of the file by name; a measured campaign's apps beside the modes. */
  readonly programs: readonly string[]
  readonly except: readonly DraftRule[]
  readonly apps: readonly string[]
  readonly schemes: readonly DraftScheme[]
  readonly mixes: readonly DraftMix[]
  readonly overcommit: readonly number[]
  readonly vary: readonly DraftAxis[]
  readonly firstSeed: number
  readonly seedCount: number
  readonly baseline: string
  readonly order: string
  readonly margin: number
  /** The stopping rule; null without one. */
  readonly stop: { readonly ciWidth: number; readonly min: number } | null
}

/** Host features of the file with their defaults. */
export const SWITCH_DEFAULTS = { ple: true, haltPolling: false, cgroupFairness: false } as const
/** Name of a host feature. */
export type SwitchName = keyof typeof SWITCH_DEFAULTS

/** Reads the text for the form; null where it is no mapping at all. */
export function readDraft(text: string): CampaignDraft | null {
  const doc = parseDocument(text)
  if (doc.errors.length > 0 || !isMap(doc.contents)) return null
  const file = record(doc.toJS())
  const [axes, seeds, host] = [record(file['axes']), record(file['seeds']), record(file['host'])]
  const switches = record(file['switches'])
  return {
    name: textOf(file['name']),
    description: textOf(file['description']),
    preset: textOf(host['preset'], 'intel-2x6-2014'),
    switches: {
      ple: flag(switches['ple'], SWITCH_DEFAULTS.ple),
      haltPolling: flag(switches['haltPolling'], SWITCH_DEFAULTS.haltPolling),
      cgroupFairness: flag(switches['cgroupFairness'], SWITCH_DEFAULTS.cgroupFairness),
    },
    pvLocks: textOf(switches['pvLocks'], 'none'),
    measuredHost: isRecord(file['measured']) ? textOf(record(file['measured'])['host']) : null,
    programs: Object.keys(record(file['programs'])),
    except: list(file['except']).map(readRule),
    apps: list(axes['app']).map((app) => textOf(app)),
    schemes: list(axes['scheme']).map(readScheme),
    mixes: list(axes['mix']).map(readMix),
    overcommit: list(axes['overcommit']).map((value) => numberOf(value, 1)),
    vary: list(axes['vary']).map(readAxis),
    firstSeed: numberOf(seeds['first'], 1),
    seedCount: numberOf(seeds['count'], 1),
    baseline: textOf(file['baseline']),
    order: textOf(file['order'], 'interleaved'),
    margin: numberOf(file['equivalenceMargin'], 0.02),
    stop: file['stop'] === undefined ? null : readStop(record(file['stop'])),
  }
}

/** The text with one field set; `undefined` takes the field out. Unreadable text stays as it is. */
export function editField(text: string, path: FieldPath, value: unknown): string {
  const doc = parseDocument(text)
  if (doc.errors.length > 0 || !isMap(doc.contents)) return text
  const spliced = spliceIn(text, doc, path, value)
  if (spliced !== null) return spliced
  if (value === undefined) doc.deleteIn(path)
  else setIn(doc, path, value)
  if (isJson(text)) return `${JSON.stringify(doc.toJS(), null, 2)}\n`
  return doc.toString({ lineWidth: 96 })
}

/** The same campaign in the other notation: JSON for YAML and YAML for JSON. */
export function otherNotation(text: string): string {
  const doc = parseDocument(text)
  if (doc.errors.length > 0) return text
  return isJson(text)
    ? stringify(doc.toJS(), { lineWidth: 96 })
    : `${JSON.stringify(doc.toJS(), null, 2)}\n`
}

/** Whether the text is JSON rather than other YAML. */
export function isJson(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** `axes.mix[0].name` as a path. */
export const parsePath = (path: string): FieldPath =>
  [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part))

/** The line, from 1, on which a field or its nearest parent stands; null where nothing is. */
export function lineOfPath(text: string, path: FieldPath): number | null {
  const doc = parseDocument(text)
  const syntax = doc.errors[0]
  if (syntax !== undefined) return lineAt(text, syntax.pos[0])
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = doc.getIn(path.slice(0, depth), true)
    const start = rangeStart(node)
    if (start !== null) return lineAt(text, start)
  }
  return null
}

/** Replaces just the field's own characters, where it is one value or a list on one line. */
function spliceIn(text: string, doc: Document, path: FieldPath, value: unknown): string | null {
  const node: unknown = doc.getIn(path, true)
  const isPlain = isScalar(node) && value !== undefined && typeof value !== 'object'
  const isFlowList = isSeq(node) && node.flow === true && isShortList(value)
  if (!isPlain && !isFlowList) return null
  const [start, end] = (node as { range?: readonly number[] | null }).range ?? []
  if (start === undefined || end === undefined || start === end) return null
  const written = writeInline(value, isJson(text))
  if (written.includes('\n')) return null
  const edited = text.slice(0, start) + written + text.slice(end)
  // A value that would read differently at its place, e.g. within braces, is left to the library.
  const readBack: unknown = parseDocument(edited).toJS()
  doc.setIn(path, doc.createNode(value))
  return JSON.stringify(readBack) === JSON.stringify(doc.toJS()) ? edited : null
}

function writeInline(value: unknown, asJson: boolean): string {
  if (asJson) return JSON.stringify(value)
  const one = (item: unknown) => stringify(item, { lineWidth: 0 }).trimEnd()
  return Array.isArray(value) ? `[${value.map(one).join(', ')}]` : one(value)
}

function setIn(doc: Document, path: FieldPath, value: unknown): void {
  const node = doc.createNode(value)
  if (isShortList(value)) (node as { flow?: boolean }).flow = true
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = path.slice(0, depth)
    if (doc.getIn(parent) === undefined || doc.getIn(parent) === null) {
      doc.setIn(parent, doc.createNode(typeof path[depth] === 'number' ? [] : {}))
    }
  }
  doc.setIn(path, node)
}

const isShortList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)

function rangeStart(node: unknown): number | null {
  const range = (node as { range?: readonly number[] | null } | undefined)?.range
  return range?.[0] ?? null
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const readStop = (stop: Record<string, unknown>) => ({
  ciWidth: numberOf(stop['ciWidth'], 0.05),
  min: numberOf(stop['min'], 10),
})

function readScheme(value: unknown): DraftScheme {
  if (typeof value === 'string') return { id: value, params: {} }
  const scheme = record(value)
  return {
    id: textOf(scheme['id']),
    params: record(scheme['params']) as Record<string, ParamValue>,
  }
}

function readMix(value: unknown): DraftMix {
  const mix = record(value)
  return { name: textOf(mix['name']), vms: list(mix['vms']).map(readVm) }
}

function readVm(value: unknown): DraftVm {
  const vm = record(value)
  return {
    name: textOf(vm['name']),
    vcpus: numberOf(vm['vcpus'], 1),
    weight: numberOf(vm['weight'], 1024),
    iterations: numberOf(vm['iterations'], 1),
    repeat: textOf(vm['repeat'], 'until-others'),
    app: textOf(record(vm['workload'])['app']),
  }
}

function readAxis(value: unknown): DraftAxis {
  const axis = record(value)
  const values = list(axis['values']).filter((v): v is ParamValue => typeof v !== 'object')
  const levels = Array.isArray(axis['levels'])
    ? list(axis['levels']).map((level) => textOf(record(level)['name']))
    : null
  return { name: textOf(axis['name']), path: textOf(axis['path']), values, levels }
}

function readRule(value: unknown): DraftRule {
  const { app, scheme, mix, overcommit } = record(value)
  return {
    ...(app !== undefined && { app: textOf(app) }),
    ...(scheme !== undefined && { scheme: textOf(scheme) }),
    ...(mix !== undefined && { mix: textOf(mix) }),
    ...(overcommit !== undefined && { overcommit: numberOf(overcommit, 0) }),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

const textOf = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise

const flag = (value: unknown, otherwise: boolean): boolean =>
  typeof value === 'boolean' ? value : otherwise
