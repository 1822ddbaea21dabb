/** Entry of the page: opens the bridge and mounts the workbench on it. */
import { connect, connectionState, reconnect } from './bridge/index.ts'
import { startWorkbench } from './views/shell/start.ts'

startWorkbench({ connect, subscribe: connectionState.subscribe, reconnect })
