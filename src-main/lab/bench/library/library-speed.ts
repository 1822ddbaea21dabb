/**
 * How long the library takes to answer with 75,000 runs × 60 metrics: filters, searches, orders,
 * facets, groups. Asked of the store as the workbench asks, through its worker. Before each round
 * something changes, so that nothing is answered from memory; then the same is asked once more.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import {
  GroupQuerySchema,
  RunQuerySchema,
  RunQuestionSchema,
} from '../../../core/contract/library.ts'
import { ViewStateSchema } from '../../../core/contract/library-view.ts'
import { parseWhere } from '../../../core/contract/where-text.ts'
import { openStore } from '../../../store/index.ts'
import type { Store } from '../../../store/index.ts'
import { spread } from '../spread.ts'
import type { Spread } from '../spread.ts'
import { METRICS_EACH, seedLibrary } from './seeded-library.ts'
import type { LibraryPlan } from './seeded-library.ts'

/** How large a library, and how often each question is asked. */
export type LibraryEffort = LibraryPlan & { readonly rounds: number }

/** One question. `found`: runs, groups or columns. Wall times, ms. */
export type QuestionTime = {
  readonly kind: string
  readonly name: string
  readonly found: number
  readonly firstMs: Spread
  readonly againMs: Spread
}

/** All questions, and what the library is like. */
export type LibraryFigures = LibraryEffort & {
  readonly metrics: number
  readonly fileBytes: number
  /** Wall time of writing it, s. */
  readonly writeSeconds: number
  readonly questions: readonly QuestionTime[]
}

type Question = {
  readonly kind: string
  readonly name: string
  readonly ask: (store: Store) => Promise<number>
}

/** Conditions, which are ours and can be read. */
const where = (text: string) => {
  const result = parseWhere(text)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

const runs = (
  kind: string,
  name: string,
  query: v.InferInput<typeof RunQuerySchema>,
): Question => ({
  ...{ kind, name },
  ask: async (store) => (await store.queryRuns(v.parse(RunQuerySchema, query))).total,
})

const facets = (name: string, question: v.InferInput<typeof RunQuestionSchema>): Question => ({
  ...{ kind: 'facets', name },
  ask: async (store) => {
    const answer = await store.facets(v.parse(RunQuestionSchema, question))
    return Object.values(answer).reduce((sum, facet) => sum + facet.length, 0)
  },
})

const groups = (name: string, query: v.InferInput<typeof GroupQuerySchema>): Question => ({
  ...{ kind: 'groups', name },
  ask: async (store) => (await store.groupRuns(v.parse(GroupQuerySchema, query))).total,
})

const columns = (name: string, question: v.InferInput<typeof RunQuestionSchema>): Question => ({
  ...{ kind: 'columns', name },
  ask: async (store) =>
    (await store.runColumns(v.parse(RunQuestionSchema, question))).differing.length,
})

const CELL = ['app', 'scheme', 'mix', 'overcommit', 'setting:sliceMs'] as const
const MANY = where('exits > 100000')

const QUESTIONS: readonly Question[] = [
  runs('page', 'all, newest first', {}),
  runs('page', 'all, the last page', { offset: 74_800 }),
  runs('page', 'all, with 4 metrics and a setting', {
    columns: [
      ...(['metric:exits', 'metric:latency.p99Ns', 'metric:time.lhpNs'] as const),
      ...(['metric:runDelayNs', 'setting:sliceMs'] as const),
    ],
  }),
  runs('filter', 'one app', { apps: ['dedup'] }),
  runs('filter', 'app, scheme, mix', {
    ...{ apps: ['dedup', 'vips'], schemes: ['cfs', 'flexcore'], mixes: ['2 × 12 vCPUs'] },
  }),
  runs('filter', 'a tag', { tags: ['keep'] }),
  runs('filter', 'time > 1 s', { where: where('timeNs > 1s') }),
  runs('filter', 'a metric > 100,000', { where: MANY }),
  runs('filter', 'two metrics and a setting', {
    where: where('exits > 50000 and migrations < 50000 and setting:sliceMs = 3'),
  }),
  runs('order', 'by time', { sort: 'timeNs' }),
  runs('order', 'by name', { sort: 'name' }),
  runs('order', 'by a metric', { sort: 'metric:exits' }),
  runs('order', 'by a setting', { sort: 'setting:sliceMs' }),
  runs('search', 'one letter', { search: 's' }),
  runs('search', 'two words', { search: 'streamcluster flex' }),
  runs('search', 'a word that all have', { search: 'under' }),
  runs('search', 'a note', { search: 'backup' }),
  facets('of all', {}),
  facets('with an app and a scheme', { apps: ['dedup'], schemes: ['cfs'] }),
  facets('with a word that all have', { search: 'under' }),
  facets('with a tag', { tags: ['keep'] }),
  facets('with a condition on a metric', { where: MANY }),
  groups('by app, time', { by: ['app'] }),
  groups('by cell, time', { by: [...CELL] }),
  groups('by cell, a metric', { by: [...CELL], measure: 'metric:exits' }),
  groups('by cell and campaign, a metric', { by: [...CELL, 'campaign'], measure: 'metric:exits' }),
  groups('by seed, time', { by: ['seed'] }),
  groups('by scheme, of what a search finds', { by: ['scheme'], search: 'streamcluster' }),
  columns('that differ', {}),
  columns('that differ, of one cell', { apps: ['dedup'], schemes: ['cfs'] }),
]

/** Writes a library into a temporary folder and asks it. @throws an abort's reason */
export async function measureLibrary(
  effort: LibraryEffort,
  signal: AbortSignal,
  onDone: (what: string) => void,
): Promise<LibraryFigures> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-bench-'))
  const file = path.join(folder, 'library.sqlite')
  const store = await openStore({ file, appVersion: 'bench', commit: null })
  try {
    const startedMs = performance.now()
    await seedLibrary(store, effort, signal, (done) => {
      if (done % 15_000 < 250) onDone(`library: ${done} of ${effort.runs} runs written`)
    })
    const writeSeconds = (performance.now() - startedMs) / 1000
    const questions: QuestionTime[] = []
    for (const question of QUESTIONS) {
      questions.push(await timeQuestion(store, question, effort.rounds, signal))
    }
    const fileBytes = statSync(file).size
    return { ...effort, metrics: METRICS_EACH, fileBytes, writeSeconds, questions }
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timeQuestion(
  store: Store,
  { kind, name, ask }: Question,
  rounds: number,
  signal: AbortSignal,
): Promise<QuestionTime> {
  const firstMs: number[] = []
  const againMs: number[] = []
  let found = 0
  for (let round = 0; round < rounds; round += 1) {
    signal.throwIfAborted()
    await store.saveView({ name: `round ${round}`, state: v.parse(ViewStateSchema, {}) })
    const startMs = performance.now()
    found = await ask(store)
    const betweenMs = performance.now()
    await ask(store)
    firstMs.push(betweenMs - startMs)
    againMs.push(performance.now() - betweenMs)
  }
  return { kind, name, found, firstMs: spread(firstMs), againMs: spread(againMs) }
}
