/** A measured run under another scheme, for people: what is known, and how well. */
import { REPLAY_COVERS, REPLAY_PAIRS_MIN } from '../../../core/contract/replay.ts'
import type { Replay } from '../../../core/contract/replay.ts'
import type { Estimate } from '../../../core/contract/comparison.ts'
import { durationText, figures, percentText } from './quantities.ts'
import type { Terminal } from './terminal.ts'

/** Prints a replay. */
export function printReplay(replay: Replay, terminal: Terminal): void {
  const { app, mix, scheme, measuredScheme, simulatedScheme, calibration, campaign } = replay
  terminal.print(terminal.paint('bold', `Counterfactual · ${app}, ${mix} under ${scheme}`))
  terminal.print(`campaign ${campaign}, calibration ${calibration}`)
  for (const { fact, was, is } of replay.stale)
    terminal.print(terminal.paint('yellow', `stale: ${fact} was ${was}, is ${is}`))
  terminal.print()
  terminal.table(
    [{ title: '' }, { title: 'scheme' }, { title: 'time', align: 'right' }, { title: '' }],
    [
      ['measured', measuredScheme, ...timeCells(replay.measuredNs, '95 % CI', replay.measuredN)],
      [
        'simulated',
        simulatedScheme,
        ...timeCells(replay.simulatedNs, '95 % CI', replay.simulatedN),
      ],
      ['simulated', scheme, ...timeCells(replay.otherNs, '95 % CI', replay.simulatedN)],
      ['counterfactual', scheme, ...timeCells(replay.timeNs, 'band', null)],
      ...(replay.checkNs === null
        ? []
        : [['measured, too', scheme, ...timeCells(replay.checkNs, '95 % CI', null)]]),
    ],
  )
  terminal.print()
  terminal.print(speedupText(replay))
  terminal.print(errorText(replay))
}

function timeCells({ value, lo, hi }: Estimate, what: string, n: number | null): string[] {
  const range =
    lo === null || hi === null ? '' : `${what} ${durationText(lo)} – ${durationText(hi)}`
  return [durationText(value), [range, n === null ? '' : `n = ${n}`].filter(Boolean).join(', ')]
}

function speedupText({ speedup: { value, lo, hi } }: Replay): string {
  const range = lo === null || hi === null ? '' : `, band ${figures(lo, 3)} – ${figures(hi, 3)}`
  return `T(measured) ∕ T: ${figures(value, 3)} ×${range}`
}

function errorText({ error: { pairs, factor }, calibration }: Replay): string {
  if (factor === null)
    return `No band: ${pairs} pairs of measured cells, and it takes ${REPLAY_PAIRS_MIN}.`
  const share = percentText(REPLAY_COVERS, 0)
  return (
    `The band: where two schemes were measured, ${calibration} had their ratio right within a ` +
    `factor of ${figures(factor, 3)} in ${share} of ${pairs} pairs. It is no confidence interval.`
  )
}
