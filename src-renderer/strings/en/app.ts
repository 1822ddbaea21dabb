/** What the shell says: rail, menu, palette, notices, files, questions. */
export const app = {
  name: 'FlexCore Lab',
  skip: 'Skip to the main content',
  rail: 'Screens',
  menu: 'Menu',
  inspector: 'Inspector',
  toggleInspector: 'Show or hide the inspector',
  sizeInspector: 'Width of the inspector',
  dismiss: 'Dismiss',
  undo: 'Undo',
  undone: (text: string) => `Undone: ${text}`,
  connecting: 'Connecting to the lab',
  lost: 'Connection to the lab lost. Running campaigns go on; this page reconnects by itself.',
  reconnect: 'Reconnect',
  loading: 'Loading',
  themeToDark: 'Dark theme',
  themeToLight: 'Light theme',
  palette: 'Go to or do',
  paletteHint: 'Type a screen, a campaign, a run, a host or an action',
  paletteNone: 'Nothing has this name',
  groups: { screen: 'Screen', action: 'Action', template: 'New from template' },
  shortcuts: 'Keyboard shortcuts',
  keys: {
    everywhere: 'Everywhere',
    tables: 'Tables',
    move: 'Move along rows or the rail',
    extend: 'Extend the selection',
    add: 'Add to the selection',
    open: 'Open',
    trash: 'Move to trash',
  },
  notHere: (command: string) => `“${command}” has nothing to act on here.`,
  close: 'Close',
  running: (count: number) => `${count} ${count === 1 ? 'campaign runs' : 'campaigns run'}`,
  remoteGoesOn:
    'A campaign is being measured on a host, or a host is held under a scheme. Closing this page ' +
    'stops nothing: the lab goes on. To stop, cancel the campaign under Live or restore the host.',
  leave: {
    title: 'Leave without saving?',
    text: (what: string) => `${what} is not saved.`,
    stay: 'Stay',
    save: 'Save and leave',
    discard: 'Leave without saving',
  },
  files: {
    drop: 'Drop to open',
    dropHint: 'A campaign, a library or an archive',
    opened: (name: string) => `Opened ${name}`,
    scheme: (name: string) =>
      `${name} is a scheme: a program, so it is never loaded by dropping it. Lay it into the ` +
      'folder “schemes” of your data folder, or start with --scheme-file, if you trust it.',
    workload: (name: string) =>
      `${name} is a workload. Lay it into the folder “workloads” of your data folder, or start ` +
      'with --workload-file; it is in every list then.',
    scenario: (name: string) =>
      `${name} is a scenario, a single situation. Run it with: flexlab simulate ${name}`,
    library: (name: string) =>
      `${name} is a library. Another library is opened by starting with it: ` +
      `flexlab start --db ${name}`,
    archive: (name: string) =>
      `${name} is a FlexCore Lab archive. This version cannot open archives yet; it was not read.`,
    trace: (name: string) =>
      `${name} is a trace in Chrome’s format. Foreign traces cannot be opened; the Timeline ` +
      'shows those that the lab recorded.',
    unknown: (name: string) =>
      `${name} is nothing that can be opened here: neither a campaign, a library nor an archive.`,
  },
} as const
