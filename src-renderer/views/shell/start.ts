/** Builds the shared parts and mounts the app; the entry of the page and of the test page. */
import { mount } from 'svelte'
import '../../styles/tokens.css'
import '../../styles/base.css'
import '../../styles/controls.css'
import { LabActivity } from '../../state/activity.svelte.ts'
import { Actions } from '../../state/actions.svelte.ts'
import { Connection } from '../../state/connection.svelte.ts'
import type { Door } from '../../state/connection.svelte.ts'
import { Draft } from '../../state/draft.svelte.ts'
import { Guards } from '../../state/guards.svelte.ts'
import { Layout } from '../../state/layout.svelte.ts'
import { Notices } from '../../state/notices.svelte.ts'
import { OpenedFiles } from '../../state/opened-files.ts'
import { Router } from '../../state/router.svelte.ts'
import { Theme } from '../../state/theme.svelte.ts'
import { Tour } from '../../state/tour.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { language } from '../../strings/index.ts'
import App from './App.svelte'

/** Starts the workbench on the given door to a lab. */
export function startWorkbench(door: Door): Workbench {
  document.documentElement.lang = language
  const target = document.getElementById('app')
  if (target === null) throw new Error('the page has no #app')
  const connection = new Connection(door)
  const guards = new Guards()
  const notices = new Notices()
  const workbench: Workbench = {
    connection,
    activity: new LabActivity(connection),
    router: new Router(window, guards),
    theme: new Theme(),
    notices,
    layout: new Layout(),
    draft: new Draft(),
    actions: new Actions(),
    guards,
    files: new OpenedFiles(notices),
    tour: new Tour(window.localStorage),
  }
  mount(App, { target, props: { workbench } })
  void workbench.connection.start()
  return workbench
}
