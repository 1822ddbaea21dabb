/** Every sentence that a screen says, in Simplified Chinese: a file a screen, as in English. */
import type { Texts } from '../texts.ts'
import { app } from './app.ts'
import { calibration } from './calibration.ts'
import { campaign } from './campaign.ts'
import { chart } from './chart.ts'
import { compare } from './compare.ts'
import { help } from './help.ts'
import { hosts } from './hosts.ts'
import { library } from './library.ts'
import { live } from './live.ts'
import { menu } from './menu.ts'
import { reports } from './reports.ts'
import { run } from './run.ts'
import { settings } from './settings.ts'
import { timeline } from './timeline.ts'
import { tour } from './tour.ts'
import * as words from './words.ts'

/** The Chinese catalogue of texts; what English has and it lacks is an error of its type. */
export const chinese: Texts = {
  ...words,
  app,
  calibration,
  campaign,
  chart,
  compare,
  help,
  hosts,
  library,
  live,
  menu,
  reports,
  run,
  settings,
  timeline,
  tour,
}
