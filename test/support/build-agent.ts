// The agent as the lab ships it, built when it is stale; for tests that put it on a host.
import { spawnSync } from 'node:child_process'

/** @throws Error when it cannot be built */
export function buildAgent(): void {
  const argv = ['bootstrap.mjs', 'build', '--agent', '--if-stale']
  const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit', shell: false })
  if (status !== 0) throw new Error('the agent could not be built; run: npm run build')
}
