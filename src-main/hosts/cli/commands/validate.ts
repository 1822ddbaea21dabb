/** flexlab validate: the model's figures beside those of the literature and of theory. */
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { SEEDS_MIN } from '../../../lab/index.ts'
import { act, list, wholeNumber } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { printValidation, validationDocument } from '../output/validation.ts'
import { requireWritable, writeWhole } from '../write-whole.ts'

type Options = {
  readonly only: readonly number[]
  readonly seeds?: number
  readonly quick?: boolean
  readonly json?: boolean
  readonly write?: string
}

const [SEEDS, SEEDS_QUICK, SEEDS_MAX] = [16, 3, 1000]

/** Adds the command. */
export function addValidate(program: Command): void {
  const command = program
    .command('validate')
    .description('hold the model against theory and the literature')
    .option('--only <rows>', 'some rows, e.g. 2,5 (default: all)', rowList, [])
    .option(
      '--seeds <n>',
      `runs of each situation (default: ${SEEDS}, quick ${SEEDS_QUICK})`,
      wholeNumber(SEEDS_MIN, SEEDS_MAX),
    )
    .option('--quick', 'fewer and shorter runs')
    .option('--json', 'print JSON')
    .option('--write <file>', 'write the document as Markdown')
  act<Options>(command, async ({ options, terminal, interrupts, lab }) => {
    if (options.write !== undefined) await requireWritable(options.write)
    const quick = options.quick === true
    const opened = await lab(':memory:')
    const validation = await opened.validate.run({
      ...{ only: options.only, quick, signal: interrupts.signal },
      seeds: options.seeds ?? (quick ? SEEDS_QUICK : SEEDS),
      onProgress: (done, submitted) => terminal.status(`${done} of ${submitted} runs`),
      onRow: ({ id, behaviour, verdict }) => terminal.say(`${id}. ${behaviour}: ${verdict}`),
    })
    terminal.clearStatus()
    if (options.write !== undefined) {
      await writeWhole(options.write, Buffer.from(validationDocument(validation)))
    }
    if (options.json === true) terminal.json(validation)
    else printValidation(validation, terminal)
    return EXIT.ok
  })
}

/** Ids of rows, from `2,5`. */
function rowList(value: string): number[] {
  return list(value).map((text) => {
    const id = Number(text)
    if (!Number.isSafeInteger(id)) throw new InvalidArgumentError(`${text} is no number of a row.`)
    return id
  })
}
