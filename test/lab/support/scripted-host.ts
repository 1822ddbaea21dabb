/** A host whose agent does as it is told (scripted-agent.ts), linked over real pipes. */
import path from 'node:path'
import * as v from 'valibot'
import { onTestFinished } from 'vitest'
import { LOCAL_TARGET } from '../../../src-main/core/contract/agent/names.ts'
import { ScenarioSchema, type Scenario } from '../../../src-main/core/contract/scenario.ts'
import { HostExecutor } from '../../../src-main/lab/hosts/host-executor.ts'
import { HostLink } from '../../../src-main/lab/hosts/host-link.ts'
import { openSession } from '../../../src-main/remote/agent-session.ts'
import { hostShell } from '../../../src-main/remote/host-shell.ts'
import { openSsh } from '../../../src-main/remote/open-ssh.ts'
import { parseHost } from '../../remote/support/parse-host.ts'
import { temporaryFolder } from './scripted-campaign.ts'

const AGENT = path.join(import.meta.dirname, 'scripted-agent.ts')

/** The link, its executor and the folder of the host's state; all of it ends with the test. */
export async function scriptedHost(retryMs: readonly number[] = [1, 1]) {
  const folder = temporaryFolder()
  const ssh = await openSsh({ knownHostsFile: path.join(folder, 'known_hosts') })
  const shell = await hostShell(ssh, parseHost(LOCAL_TARGET))
  const link = new HostLink('scripted', async (onNotice) => {
    const transport = await shell.start(`exec ${process.execPath} ${AGENT} ${folder}`)
    return openSession({ shell, transport, agentSha256: 'a'.repeat(64), onNotice })
  })
  const executor = new HostExecutor('scripted', () => link, retryMs)
  onTestFinished(async () => {
    await executor.idle()
    await link.close()
    await ssh.close()
  })
  return { folder, link, executor }
}

/** Two VMs, of which the first says what happens; `changes` replace fields of the scenario. */
export function scriptedScenario(
  env: Readonly<Record<string, string>> = {},
  changes: Partial<v.InferInput<typeof ScenarioSchema>> = {},
): Scenario {
  const program = { kind: 'command', argv: ['x'], env, output: { kind: 'elapsed' } } as const
  const workload = { app: 'x', program }
  return v.parse(ScenarioSchema, {
    ...{ kind: 'scenario', version: 1, name: 'scripted', scheme: { id: 'pin' } },
    measured: { host: 'scripted', coolDownMs: 0 },
    vms: [
      { name: 'a', vcpus: 2, iterations: 2, workload },
      { name: 'b', vcpus: 2, repeat: 'load', workload },
    ],
    ...changes,
  })
}
