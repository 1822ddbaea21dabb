/** Help: the screens, and words that every screen uses. */
import type { Screen } from '../../src-main/core/contract/screens.ts'
import type { HelpPage } from './page.ts'

type ScreenHelp = {
  readonly title: string
  readonly summary: string
  readonly text: readonly string[]
  readonly see: readonly string[]
}

const screen = (
  title: string,
  summary: string,
  text: readonly string[],
  ...see: readonly string[]
): ScreenHelp => ({ title, summary, text, see })

/** What each screen is for. */
const SCREEN_HELP: Readonly<Record<Screen | 'timeline' | 'calibration', ScreenHelp>> = {
  library: screen(
    'Library',
    'Everything that was ever run: found, narrowed, tagged, and thrown away with a way back.',
    [
      'A campaign is a grid of cells, and each finished cell has its run. Search looks into ' +
        'names, programs, schemes, notes and tags; facets count what is left.',
      'What you throw away waits in the trash. The sample’s runs have the tag `sample`: choose ' +
        'it, select all, press Delete.',
    ],
    'provenance',
    'screen-run',
  ),
  campaign: screen(
    'Campaign',
    'The grid to run: programs × schemes × VM mixes × overcommit, once for each seed.',
    [
      'Form and file are the same text in two shapes. The plan at the right counts the cells, ' +
        'guesses the time from earlier runs, and says what has to be corrected.',
      'Take at least six seeds, or no verdict is possible ([[statistic-verdict]]).',
    ],
    'statistic-pairing',
    'statistic-power',
  ),
  live: screen(
    'Live',
    'A campaign as it runs: cell by cell, with everything that can be done to it.',
    [
      'Finished cells are on disk. Pause, cancel, a crash: resuming runs only what is missing. ' +
        'The remaining time is a range, from the cells that are done.',
    ],
    'screen-compare',
  ),
  run: screen(
    'Run',
    'One run: its time against the baseline, where the time went, its counters, its provenance.',
    [
      'Scenario and environment say everything that it takes to make the run again. A figure ' +
        'that is not there says why.',
    ],
    'time-classes',
    'metric-time',
    'metric-host-scheduling',
    'provenance',
  ),
  compare: screen(
    'Compare',
    'Every scheme of a campaign against its baseline, as figures and as numbers.',
    [
      'Bars left of the line at 1 are faster. Each figure has its table, and each row its ' +
        'repetitions. Read the verdict before the mean ([[statistic-verdict]]).',
    ],
    'statistic-ratio',
    'statistic-means',
    'statistic-intervals',
    'statistic-attribution',
  ),
  timeline: screen(
    'Timeline',
    'A recorded run: who ran where at each moment, down to nanoseconds.',
    [
      'Lanes of pCPUs, vCPUs and threads. Look for a vCPU that waits while its siblings spin: ' +
        'the lane of its pCPU says who had it.',
    ],
    'lock-holder-preemption',
    'vcpu-stacking',
    'preempted-barrier',
  ),
  calibration: screen(
    'Calibration',
    'The simulator’s costs as measured on a host, and predicted beside measured.',
    [
      'A point on the diagonal is a prediction that came true. A calibration holds for the host ' +
        'that it was made on, as it was then; what has changed since is said.',
    ],
    'provenance',
    'screen-hosts',
  ),
  hosts: screen(
    'Hosts',
    'Machines with KVM that the lab reaches with your own OpenSSH.',
    [
      'Nothing is connected to until you ask. Every change is shown with its way back before it ' +
        'is made, and is put back however the lab ends.',
    ],
    'metric-measuring',
  ),
  reports: screen(
    'Reports',
    'A PDF of a comparison: choose its sections and their order, see it, export it.',
    [
      'The preview is the PDF itself. What is left out is named on the first page, and the ' +
        'checklist fails the rules that ask for it. The history keeps the hash of every export, ' +
        'so that a file can be told to be the one.',
    ],
    'statistic-verdict',
    'provenance',
  ),
  settings: screen(
    'Settings',
    'Theme, language, the library’s place, and checks of this installation.',
    ['Checks name what is missing on this machine and how to get it.'],
  ),
  help: screen(
    'Help',
    'These pages. Each screen’s “?” leads to its own.',
    ['The search looks into all words of all pages. Every page has an address that can be linked.'],
    'tour',
  ),
}

const screenPages = Object.entries(SCREEN_HELP).map(
  ([key, { title, summary, text, see }]): HelpPage => ({
    id: `screen-${key}`,
    kind: 'guide',
    title: `${title} screen`,
    summary,
    blocks: text.map((one) => ({ text: one })),
    sources: [],
    see,
  }),
)

/** Pages about the app itself. */
export const GUIDE_PAGES: readonly HelpPage[] = [
  {
    id: 'start',
    kind: 'guide',
    title: 'What this is',
    summary: 'A workbench for one question: what does scheduling twice cost, and what helps?',
    blocks: [
      {
        text:
          'A hypervisor and the guests in it both schedule, and neither knows what the other ' +
          'does. FlexCore Lab simulates both schedulers, measures on real hosts, and compares ' +
          'schemes that try to mend what comes of it. Begin with [[double-scheduling]], or take ' +
          'the tour.',
      },
      {
        heading: 'The words',
        text:
          'A scheme is a way to schedule ([[schemes]]). A scenario is one situation: host, VMs, ' +
          'programs, a scheme, a seed. A campaign is a grid of scenarios. A run is what a ' +
          'scenario gave. Every figure says Simulated, Measured or Counterfactual ' +
          '([[provenance]]).',
      },
    ],
    sources: ['miao2015'],
    see: ['tour', 'double-scheduling', 'time-classes', 'statistic-verdict'],
  },
  {
    id: 'tour',
    kind: 'guide',
    title: 'The tour',
    summary: 'Five steps from an empty library to a PDF that compares two schemes.',
    blocks: [
      {
        text:
          'Choose a template, run it, watch it, read the comparison, export the report. The tour ' +
          'is a strip below the screen: it rings the control that comes next and notices when ' +
          'you used it. It covers nothing, and you may leave it at any step; it waits there.',
      },
    ],
    sources: [],
    see: ['screen-campaign', 'screen-live', 'screen-compare', 'screen-reports'],
  },
  {
    id: 'provenance',
    kind: 'guide',
    title: 'Simulated, Measured, Counterfactual',
    summary: 'How a number came to be; it stands on every figure, page and file.',
    blocks: [
      {
        text:
          'Simulated: a prediction of the model, the same again with the same seed. Measured: ' +
          'timed on real VMs. Counterfactual: a run played again in the model without a harm or ' +
          'under another scheme.',
      },
      {
        heading: 'Marks of parameters',
        text:
          'S: read in the source named. K: common knowledge of the field, not re-checked. D: ' +
          'derived from others. A: an assumption of this project. Any of them can be set in a ' +
          'scenario, and a report lists what was.',
      },
    ],
    sources: [],
    see: ['statistic-pairing', 'screen-calibration'],
  },
  ...screenPages,
]
