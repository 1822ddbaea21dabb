/** The real bridge as the only script of a page: bundled as the renderer's build does it. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'

const BRIDGE = path.join(import.meta.dirname, '../../../../src-renderer/bridge/index.ts')

const PAGE = `<!doctype html><title>bridge</title>
<script type="module" src="./assets/page.js"></script>`

const SCRIPT = `import { connect, connectionState, reconnect, saveFile } from './bridge.js'
globalThis.states = []
connectionState.subscribe((state) => globalThis.states.push(state))
Object.assign(globalThis, { connect, reconnect, saveFile })`

/** Writes the page into a renderer folder; it shows the bridge's exports as globals. */
export async function writeBridgePage(rendererDir: string): Promise<void> {
  const assets = path.join(rendererDir, 'assets')
  await mkdir(assets, { recursive: true })
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: assets,
      emptyOutDir: false,
      target: 'chrome140',
      lib: { entry: BRIDGE, formats: ['es'], fileName: () => 'bridge.js' },
    },
  })
  await writeFile(path.join(assets, 'page.js'), SCRIPT)
  await writeFile(path.join(rendererDir, 'index.html'), PAGE)
}
