// Builds everything that is not run from its TypeScript source: `vite build --app` makes the
// renderer, the Electron main process and preload, each worker, and the agent, one folder each;
// `--mode agent` makes the agent alone, in a second, for the command line.
// Hosts that run from source (the command line, `serve`) need only dist/client of it.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'

const root = import.meta.dirname
const fromRoot = (...names: string[]) => path.join(root, ...names)

/** Packages with native code or files of their own: loaded from node_modules, never bundled. */
const EXTERNAL = ['electron', 'better-sqlite3', '@myriaddreamin/typst-ts-node-compiler']

/** One self-contained file for Node: no shared chunks, so it can be copied or unpacked alone. */
function nodeBundle(
  entry: string,
  folder: string,
  { format = 'es', target = 'node24' }: { format?: 'es' | 'cjs'; target?: string } = {},
): Record<string, EnvironmentOptions> {
  if (!existsSync(fromRoot(entry))) return {}
  const name = path.basename(folder)
  return {
    [folder.replaceAll(/\W/g, '_')]: {
      consumer: 'server',
      resolve: { noExternal: true, external: EXTERNAL, builtins: [/^node:/, ...builtinModules] },
      build: {
        ssr: true,
        outDir: fromRoot('dist', folder),
        target,
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: fromRoot(entry),
          external: EXTERNAL,
          output: {
            format,
            codeSplitting: false,
            entryFileNames: `${name}.${format === 'cjs' ? 'cjs' : 'js'}`,
          },
        },
      },
    },
  }
}

/**
 * A bundled module's `import.meta.dirname` stays its folder in the source tree, so paths from there
 * to other files of the project (migrations, dist/client) are the same from source and bundled.
 */
function keepSourceFolders(): Plugin {
  return {
    name: 'flexlab:keep-source-folders',
    transform(code, id) {
      const isSource = id.startsWith(`${fromRoot('src-main')}${path.sep}`)
      if (this.environment.config.consumer !== 'server' || !isSource) return null
      const { outDir } = this.environment.config.build
      const folder = path.relative(outDir, path.dirname(id)).split(path.sep).join('/')
      const replaced = code.replaceAll(
        'import.meta.dirname',
        `(import.meta.dirname + "/${folder}")`,
      )
      return replaced === code ? null : { code: replaced, map: null }
    },
  }
}

/**
 * The agent is one file wherever it runs, so the C programs that it brings to guests are text in it
 * (src-main/agent/micro/sources.ts).
 */
function inlinePrograms(): Plugin {
  const READ = /readFileSync\(path\.join\(import\.meta\.dirname, '([\w.-]+)'\), 'utf8'\)/g
  const folder = fromRoot('src-main', 'agent', 'micro')
  return {
    name: 'flexlab:inline-programs',
    enforce: 'pre',
    transform(code, id) {
      if (id !== path.join(folder, 'sources.ts')) return null
      const inlined = code.replaceAll(READ, (_call, name: string) => {
        this.addWatchFile(path.join(folder, name))
        return JSON.stringify(readFileSync(path.join(folder, name), 'utf8'))
      })
      if (inlined.includes('readFileSync(')) throw new Error(`${id}: a program is not inlined`)
      return { code: inlined, map: null }
    },
  }
}

/** Every `x.worker.ts` becomes dist/workers/x/x.js; from source the .ts file itself is started. */
function workerBundles(): Record<string, EnvironmentOptions> {
  const entries = globSync('src-main/**/*.worker.ts', { cwd: root })
  const named = entries.map((entry) => [path.basename(entry, '.worker.ts'), entry] as const)
  return Object.fromEntries(
    named.flatMap(([name, entry]) => Object.entries(nodeBundle(entry, `workers/${name}`))),
  )
}

function client(): Record<string, EnvironmentOptions> {
  return {
    client: {
      build: {
        outDir: fromRoot('dist', 'client'),
        target: 'chrome140',
        rolldownOptions: { input: fromRoot('src-renderer', 'index.html') },
        // A font inlined as data: would need a wider content security policy.
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1800,
      },
    },
  }
}

/** Vite always has a client environment; before the renderer exists there is nothing to build. */
function buildWhatExists(mode: string): Plugin {
  return {
    name: 'flexlab:build-what-exists',
    buildApp: {
      order: 'pre',
      handler: async (builder) => {
        const hasRenderer = existsSync(fromRoot('src-renderer', 'index.html'))
        for (const [name, environment] of Object.entries(builder.environments)) {
          if (name === 'ssr' || (name === 'client' && !hasRenderer)) continue
          if (mode === 'agent' && name !== 'agent') continue
          await builder.build(environment)
        }
      },
    },
  }
}

export default defineConfig(({ mode }) => ({
  root: fromRoot('src-renderer'),
  base: './',
  publicDir: false,
  cacheDir: fromRoot('node_modules', '.vite'),
  plugins: [
    svelte({ configFile: fromRoot('svelte.config.js') }),
    inlinePrograms(),
    keepSourceFolders(),
    buildWhatExists(mode),
  ],
  server: { host: '127.0.0.1', fs: { allow: [root] } },
  build: { emptyOutDir: true },
  builder: {},
  environments: {
    ...client(),
    ...nodeBundle('src-main/hosts/electron/main.ts', 'main'),
    ...nodeBundle('src-main/hosts/electron/preload.ts', 'preload', { format: 'cjs' }),
    // Hosts may have an older Node than the lab.
    ...nodeBundle('src-main/agent/main.ts', 'agent', { target: 'node22' }),
    ...workerBundles(),
  },
}))
