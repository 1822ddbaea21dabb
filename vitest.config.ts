// Four kinds of test. Unit tests run side by side; the others each want the machine to themselves:
// fault (killed processes), bed (real virtual machines) and e2e (the built app in a real browser).
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const SEQUENTIAL = ['e2e', 'fault', 'bed']
/** What is made once before the first test of a kind, and ended after the last. */
const GLOBAL_SETUP: Record<string, string[]> = {
  e2e: ['test/support/build-renderer.ts'],
  bed: ['test/support/build-renderer.ts', 'test/bed/shared-bed.ts'],
}
const RENDERER = ['test/renderer/**/*.test.ts', 'test/src-renderer/**/*.test.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // How long a poll may wait on a loaded machine; a test's own time-out still ends it.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...RENDERER, ...SEQUENTIAL.map((name) => `test/${name}/**`)],
        },
      },
      {
        extends: true,
        plugins: [svelte()],
        // The browser's build of Svelte, so runes are live instead of rendered once for a server.
        resolve: { conditions: ['browser'] },
        test: { name: 'renderer', include: RENDERER },
      },
      ...SEQUENTIAL.map((name, index) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: GLOBAL_SETUP[name] ?? [],
          fileParallelism: false,
          sequence: { groupOrder: index + 1 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      })),
    ],
  },
})
