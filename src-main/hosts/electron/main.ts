/**
 * The entry of Electron's main process: only names which Electron, which files and which library.
 * Bundled to dist/main/main.js; the launcher (launch.ts) starts it.
 */
import path from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  screen,
  session,
} from 'electron'
import { defaultDatabaseFile, defaultUserFolder, openLab } from '../../lab/index.ts'
import { databaseFileOf, namedFilesOf, withDatabase } from './arguments.ts'
import { runDesktopApp } from './desktop-app.ts'

const DIST = path.join(import.meta.dirname, '..', '..', '..', 'dist')

// Not awaited: Electron is ready only after this module has been evaluated, and the app waits for
// Electron to be ready. What must come before that is done before the first await in it.
runDesktopApp(
  {
    app,
    createWindow: (options) => new BrowserWindow(options),
    dialog,
    ipcMain,
    setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
    nativeTheme,
    protocol,
    // Both can only be used once the app is ready.
    screen: () => screen,
    session: () => session.defaultSession,
  },
  {
    preload: path.join(DIST, 'preload', 'preload.cjs'),
    rendererDir: path.join(DIST, 'client'),
    platform: process.platform,
    argsWithLibrary: (file) => withDatabase(process.argv.slice(1), file),
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    openLab: () =>
      openLab({
        databaseFile: databaseFileOf(process.argv) ?? defaultDatabaseFile(),
        host: 'electron',
        appVersion: app.getVersion(),
        userPlaces: { folder: defaultUserFolder(), ...namedFilesOf(process.argv) },
      }),
  },
).catch((error: unknown) => {
  console.error(error)
  app.exit(1)
})
