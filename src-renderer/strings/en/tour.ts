/** What the tour says. Names of controls come from the screens' own texts. */
export const tour = {
  title: 'Tour',
  label: 'Tour of the main job',
  start: 'Take the tour',
  resume: 'Go on with the tour',
  restart: 'From the start',
  of: (step: number, steps: number) => `Step ${step} of ${steps}`,
  steps: 'Steps of the tour',
  back: 'Back',
  next: 'Next',
  finish: 'Finish',
  close: 'Close the tour',
  showMe: 'Show me',
  notHere: (screen: string) => `This is done on the ${screen} screen.`,
  goThere: (screen: string) => `Go to ${screen}`,
  done: 'done',
  closed: 'The tour waits where you left it: Help, or Ctrl K and “tour”.',
  open: (screen: string) => `Open ${screen} in the rail at the left`,
  choose: (option: string) => `Choose “${option}”`,
  press: (name: string) => `Press “${name}”`,
  waitFinished: 'Wait until it says finished',
  waitFigures: 'Wait for the figures',
  waitSaved: 'Wait for the file',
  choice: {
    title: 'Choose what to compare',
    text:
      'A campaign is a grid of programs and schemes. This template compares two schemes, stock ' +
      'KVM (cfs) and FlexCore (flexcore), on three programs. Under Schemes you can take others.',
  },
  run: {
    title: 'Run it',
    text:
      'At the right stand the number of runs and how long they take. Every scheme gets the same ' +
      'eight seeds, so that runs are compared in pairs.',
  },
  watch: {
    title: 'Watch it run',
    text:
      'Each square is a run. You can pause, cancel and resume at any time, and go to other ' +
      'screens meanwhile: what is finished is kept.',
  },
  compare: {
    title: 'Read the comparison',
    text:
      'Bars left of the line at 1 are faster than the baseline; whiskers are 95 % intervals. The ' +
      'verdict says better, worse, equivalent or inconclusive (~). Below: where the time went.',
  },
  report: {
    title: 'Export the report',
    text:
      'The PDF holds figures, tables, method and the command that makes it all again. Every page ' +
      'says Simulated. Under Reports you choose its sections and paper.',
  },
} as const
