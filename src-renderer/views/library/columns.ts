/** The columns of the runs table: what they show, how wide they are, when they give way. */
import { formatDuration } from '../../../src-main/core/charts/chart-text.ts'
import type { RunRow } from '../../../src-main/core/contract/library.ts'
import { formatCount, formatDate, formatSecondsFixed } from '../../state/format.ts'
import type { SortKey } from '../../state/run-query.ts'

/** A column; `fromPx` is the table width from which it is shown. */
export type Column = {
  readonly key: string
  readonly label: string
  readonly sort: SortKey | null
  readonly width: string
  readonly isNumber: boolean
  readonly fromPx: number
  readonly text: (row: RunRow) => string
  readonly hover?: (row: RunRow) => string
}

const column = (
  key: string,
  label: string,
  width: string,
  text: (row: RunRow) => string,
  more: Partial<Column> = {},
): Column => ({ key, label, sort: null, width, isNumber: false, fromPx: 0, text, ...more })

/** All columns, in order. The scheme's text is drawn with its mark. */
export const COLUMNS: readonly Column[] = [
  column('app', 'App', 'minmax(96px, 1fr)', (r) => r.app, { sort: 'app' }),
  column('scheme', 'Scheme', 'minmax(104px, 1.2fr)', (r) => r.scheme, { sort: 'scheme' }),
  column('mix', 'VM mix', 'minmax(72px, 1fr)', (r) => r.mix, { sort: 'mix', fromPx: 640 }),
  column(
    'overcommit',
    'Over.',
    '52px',
    (r) => (r.overcommit === null ? '–' : String(r.overcommit)),
    {
      isNumber: true,
      fromPx: 980,
      hover: () => 'Overcommit: Σ vCPUs / pCPUs',
    },
  ),
  column('seed', 'Seed', '56px', (r) => String(r.seed), { sort: 'seed', isNumber: true }),
  column('timeNs', 'Time (s)', '84px', (r) => formatSecondsFixed(r.timeNs), {
    sort: 'timeNs',
    isNumber: true,
    hover: (r) => formatDuration(r.timeNs),
  }),
  column('events', 'Events', '88px', (r) => formatCount(r.events), {
    sort: 'events',
    isNumber: true,
    fromPx: 700,
  }),
  column('campaign', 'Campaign', 'minmax(96px, 1.4fr)', (r) => r.campaignName ?? '–', {
    fromPx: 640,
  }),
  column('tags', 'Tags', 'minmax(64px, 1fr)', (r) => r.tags.join(', '), { fromPx: 1060 }),
  column('kind', 'Kind', '80px', (r) => r.kind, { fromPx: 820 }),
  column('createdAt', 'Created', '124px', (r) => formatDate(r.createdAt), {
    sort: 'createdAt',
    fromPx: 900,
  }),
]
