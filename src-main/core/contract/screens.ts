/** The screens of the workbench, in the order of the rail: known to the page, menus and links. */

/** Screens that exist. */
export const SCREENS = [
  'library',
  'campaign',
  'live',
  'run',
  'compare',
  'timeline',
  'calibration',
  'hosts',
  'reports',
  'settings',
  'help',
] as const
/** One screen of the workbench. */
export type Screen = (typeof SCREENS)[number]
