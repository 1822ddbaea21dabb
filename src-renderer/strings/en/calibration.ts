/** What the Calibration screen says. */
export const calibration = {
  title: 'Calibration',
  all: 'Calibrations',
  empty: 'No calibration yet',
  emptyText:
    'A calibration measures the simulator’s costs on a host and in a guest of it: wake-ups, ' +
    'IPIs, context switches, cache refill. Measured runs can then be predicted, and ' +
    'replayed under other schemes.',
  toHosts: 'Go to the hosts',
  pick: 'Choose a calibration',
  start: 'Calibrate a host',
  startText:
    'Takes a minute or two. The guest’s vCPUs are placed for it, which is journalled and put ' +
    'back at the end, however it ends; the micro-benchmark runs in the guest. Nothing else ' +
    'is changed.',
  host: 'Host',
  vm: 'Guest to measure in',
  anyVm: 'The first that fits',
  name: 'Keep it under this name',
  begin: 'Start',
  cancel: 'Cancel',
  made: (name: string) => `Calibration ${name} is made`,
  remove: 'Forget calibration',
  removed: (name: string) => `Forgot calibration ${name}`,
  steps: (done: number, of: number) => `${done} of ${of} steps`,
  holds: 'Holds',
  expired: 'Expired',
  unchecked: 'Not checked',
  holdsText: 'By the last look at the host, nothing that the costs hang on has changed.',
  expiredText: 'What the costs hang on has changed since; calibrate again.',
  uncheckedText: 'The host was not reached since; connect to it on the Hosts screen to check.',
  was: (was: string, is: string) => `was ${was}, is ${is}`,
  scope: 'Where it holds',
  facts: {
    host: 'Host',
    vm: 'Guest',
    kernel: 'Kernel',
    cpuModel: 'CPU',
    microcode: 'Microcode',
    qemuVersion: 'QEMU',
    accel: 'VMs run by',
    guestKernel: 'Guest kernel',
    topology: 'pCPUs',
    stock: 'Stock scheduler',
  },
  origin: 'Provenance',
  madeAt: 'Measured',
  took: 'Took',
  fitApps: 'Apps in the fit',
  predicted: 'Predicted and measured',
  predictedNote:
    'Every cell of a measured campaign beside the same cell simulated with these costs. Nothing ' +
    'is fitted here; apps that took no part in the fit are held out.',
  campaign: 'Measured campaign',
  predicting: 'Simulating the campaign’s cells',
  predict: 'Predict',
  needs: 'Needs ≥ 3 matching measured runs',
  needsText: (host: string) =>
    `No campaign with three finished runs was measured on ${host} yet. Build one, and its cells ` +
    'are put beside the simulator’s.',
  build: 'Build a campaign',
  errors: 'Errors',
  errorSets: {
    all: 'All cells',
    fit: 'In the fit',
    heldOut: 'Held out',
    undisturbed: 'Undisturbed',
  },
  errorColumns: {
    set: 'Cells',
    cells: 'Number',
    absolute: 'Median |error|',
    factor: 'Median factor',
    within: 'Within 1.25 ×',
    direction: 'Direction right',
  },
  residuals: 'Residual per app',
  residualsNote:
    'Simulated ∕ measured median of each cell, from ¼ to 4, logarithmic; the line is 1. Hollow: ' +
    'held out.',
  residualColumns: {
    app: 'App',
    role: 'Role',
    cells: 'Cells',
    ratio: 'Median ratio',
    range: 'Range',
    spread: 'Cells by ratio',
  },
  roles: { fit: 'in the fit', 'held-out': 'held out' },
  disturbed: (count: number) =>
    `${count} ${count === 1 ? 'cell was' : 'cells were'} disturbed: other work took over ` +
    'a tenth of the host’s CPU time.',
  omitted: 'Not simulated',
  costs: 'Costs',
  costsNote: 'With 95 % intervals over the measurements that they hang on.',
  costColumns: {
    parameter: 'Parameter',
    value: 'Value',
    default: 'Default',
    rule: 'Rule',
    why: 'From',
  },
  rules: { measured: 'measured', shared: 'shared out', facts: 'from the host' },
  kept: 'Left at their defaults',
  checks: 'Checks: figures that took no part in the fit',
  checkColumns: {
    id: 'Figure',
    measured: 'Measured',
    predicted: 'By these costs',
    why: 'What it is',
  },
  warnings: 'To know',
  replay: 'Replay under another scheme',
  replayNote:
    'What a measured cell would have taken: measured × simulated under the other scheme ∕ ' +
    'simulated under its own.',
  replayCell: 'Measured cell',
  replayScheme: 'Scheme',
  replayGo: 'Replay',
  replaying: 'Simulating',
  band: (factor: string, share: string, pairs: number) =>
    `The band is the calibration’s error: where two schemes were measured, their ratio was ` +
    `right within a factor of ${factor} in ${share} of ${pairs} pairs. ` +
    'It is no confidence interval.',
  noBand: (pairs: number, least: number) =>
    `No band: ${pairs} pairs of measured cells, and it takes ${least} to know the error.`,
  speedup: 'T(measured) ∕ T',
  loading: 'Loading',
} as const
