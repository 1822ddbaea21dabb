// End-to-end tests drive the built workbench, so the build is made first when it is stale.
import { spawnSync } from 'node:child_process'

/** Vitest calls this once before the first end-to-end test. */
export default function buildRenderer(): void {
  const argv = ['bootstrap.mjs', 'build', '--if-stale']
  const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit', shell: false })
  if (status !== 0) throw new Error('the workbench could not be built; run: npm run build')
}
