/** Workbench: what every screen shares; given down by context, so nothing is a global. */
import { createContext } from 'svelte'
import type { LabActivity } from './activity.svelte.ts'
import type { Actions } from './actions.svelte.ts'
import type { Connection } from './connection.svelte.ts'
import type { Draft } from './draft.svelte.ts'
import type { Guards } from './guards.svelte.ts'
import type { Layout } from './layout.svelte.ts'
import type { Notices } from './notices.svelte.ts'
import type { OpenedFiles } from './opened-files.ts'
import type { Router } from './router.svelte.ts'
import type { Theme } from './theme.svelte.ts'
import type { Tour } from './tour.svelte.ts'

/** The shared parts. */
export type Workbench = {
  readonly connection: Connection
  readonly router: Router
  readonly theme: Theme
  readonly notices: Notices
  readonly layout: Layout
  readonly draft: Draft
  readonly actions: Actions
  readonly guards: Guards
  readonly activity: LabActivity
  readonly files: OpenedFiles
  readonly tour: Tour
}

/** Gets and sets the workbench of the component tree. */
export const [getWorkbench, setWorkbench] = createContext<Workbench>()
