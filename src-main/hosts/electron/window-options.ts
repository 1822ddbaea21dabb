/** How the one window is made; its web preferences are items 2 to 4 and 6 to 10 of SECURITY.md. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { SMALLEST } from './window-bounds.ts'

/** The options of the window. `isPackaged`: without developer tools. */
export function windowOptions(options: {
  readonly preload: string
  readonly bounds: Partial<Rectangle>
  readonly isDark: boolean
  readonly isPackaged: boolean
}): BrowserWindowConstructorOptions {
  return {
    ...options.bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'FlexCore Lab',
    // Shown when the first frame is there; until then nothing flashes in the wrong colour.
    show: false,
    backgroundColor: options.isDark ? '#16181b' : '#ffffff',
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools: !options.isPackaged,
    },
  }
}
