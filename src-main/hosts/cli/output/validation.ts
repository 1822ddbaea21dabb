/** A validation for people: tables for the terminal, and the document in docs/figures. */
import { RULES } from '../../../lab/index.ts'
import type { Figure, FigureUnit, RowReport, Validation } from '../../../lab/index.ts'
import { changeText, durationText, figures, percentText } from './quantities.ts'
import { markdownLines } from './table.ts'
import type { Column } from './table.ts'
import type { Terminal } from './terminal.ts'

const left = (title: string): Column => ({ title })
const right = (title: string): Column => ({ title, align: 'right' })

const FIGURES: readonly Column[] = [
  ...[left('figure'), right('source'), right('model'), right('interval'), left('verdict')],
]
const ROWS: readonly Column[] = [left('#'), left('behaviour'), left('verdict')]

/** Digits of a share, so that 99.995 % is not rounded to all. */
const SHARE_DIGITS = 3

const TEXT: Readonly<Record<FigureUnit, (value: number) => string>> = {
  share: (value) => percentText(value, SHARE_DIGITS),
  change: (value) => changeText(value),
  factor: (value) => figures(value, 4),
  ns: (value) => durationText(value),
}

function figureCells({ name, source, unit, model, verdict }: Figure): string[] {
  const text = TEXT[unit]
  const ends =
    model === null || model.lo === null || model.hi === null
      ? '–'
      : `${text(model.lo)} … ${text(model.hi)}`
  return [
    ...[name, source === '' ? '–' : source, model === null ? 'not run' : text(model.value)],
    ...[ends, verdict ?? '(beside)'],
  ]
}

/** Prints a validation. */
export function printValidation(validation: Validation, terminal: Terminal): void {
  for (const row of validation.rows) {
    terminal.print(terminal.paint('bold', `${row.id}. ${row.behaviour}: ${row.verdict}`))
    terminal.table(FIGURES, row.figures.map(figureCells))
    if (row.verdict !== 'agrees') for (const line of row.found) terminal.print(line)
    terminal.print()
  }
  terminal.print(effortText(validation))
}

const effortText = ({ seeds, runs, wallMs, quick }: Validation): string =>
  `${runs} runs, seeds ${seeds[0]} … ${seeds.at(-1)}, ${durationText(wallMs * 1e6)}${
    quick ? '; quick: shortened runs, so that most intervals are too wide to agree' : ''
  }`

/** The validation as a Markdown document. */
export function validationDocument(validation: Validation): string {
  const { machine, commit, rows } = validation
  return [
    ...['# The model held against its sources', ''],
    'Written by `flexlab validate --write`; the same seeds give the same figures. Intervals are of',
    '95 %, those beside theory of 99 %. Improvements are speed-ups: T(before) / T(after) − 1.',
    ...['', `Commit ${commit ?? 'unknown'}. ${effortText(validation)}, on`],
    `${machine.cpuCount} × ${machine.cpu}, ${machine.os}, ${machine.runtime}.`,
    ...['', '## Verdicts', ''],
    ...markdownLines(
      ROWS,
      rows.map(({ id, behaviour, verdict }) => [String(id), behaviour, verdict]),
    ),
    ...['', '## Rules', ''],
    ...RULES.map((rule) => `* ${rule}`),
    ...rows.flatMap(rowSection),
    '',
  ].join('\n')
}

function rowSection(row: RowReport): readonly string[] {
  return [
    ...['', `## ${row.id}. ${row.behaviour}`, ''],
    ...[`**${row.verdict}** · ${row.source}`, ''],
    ...row.setup.flatMap((paragraph) => [paragraph, '']),
    ...[`Rule: ${row.rule}`, ''],
    ...markdownLines(FIGURES, row.figures.map(figureCells)),
    ...(row.verdict === 'agrees' ? [] : row.found.flatMap((paragraph) => ['', paragraph])),
  ]
}
