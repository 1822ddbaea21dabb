/** What the Live screen says. */
import type { StopProgress } from '../../../src-main/core/contract/progress.ts'

const percent = (fraction: number): string => `${Number((fraction * 100).toPrecision(3))} %`

/** The stopping rule and how far the campaign is from it. */
function stopText({ ciWidth, min, max, groups, ended, widest }: StopProgress): string {
  const rule =
    `Stopping rule: after ${min} to ${max} repetitions, a group ends when the 95 % interval of ` +
    `every ratio in it is at most ${percent(ciWidth)} wide.`
  if (groups === null || ended === null) return `${rule} Asked from repetition ${min} on.`
  const open = widest === null ? '' : ` Widest of the others: ${percent(widest)}.`
  return `${rule} ${ended} of ${groups} groups have ended.${ended === groups ? '' : open}`
}

/** The Live screen's texts. */
export const live = {
  title: 'Live',
  empty: 'Nothing queued',
  emptyText: 'A campaign that runs shows its progress here, cell by cell.',
  rerun: 'Run the last campaign again',
  newCampaign: 'New campaign',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  retryAll: 'Retry failed',
  retry: 'Retry',
  skip: 'Skip',
  compare: 'Compare',
  active: 'Running now',
  noneActive: 'No cell is running.',
  grid: 'Progress by app and scheme',
  failures: 'Failed cells',
  log: 'Log',
  logEmpty: 'No cell has ended yet.',
  left: 'left',
  elapsed: 'Elapsed',
  workers: 'Workers',
  rate: 'Events/s',
  queue: 'Queue',
  waitsForWorkers: 'Waits for free workers',
  waitsForHost: (host: string) => `Waits for ${host}`,
  activeCells: (count: number) => `${count} running`,
  campaigns: 'Campaigns',
  cells: 'cells',
  failed: 'Failed',
  skipped: 'Skipped',
  notNeeded: 'Not needed',
  stop: stopText,
  seed: (seed: number) => `seed ${seed}`,
  columns: {
    cell: 'Cell',
    app: 'App',
    scheme: 'Scheme',
    seed: 'Seed',
    done: 'Done',
    simulated: 'Simulated',
    events: 'Events',
  },
  etaSoon: 'An estimate follows after three cells.',
} as const
