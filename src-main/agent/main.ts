/**
 * The agent's program: started by the lab on a KVM host, over ssh or at home, with a constant
 * command; everything variable comes in frames on stdin (core/contract/agent/protocol.ts).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { PROTOCOL_VERSION } from '../core/contract/agent/protocol.ts'
import { guard, readGuardianArguments } from './change/guardian.ts'
import { composeAgent, openVms } from './compose.ts'
import { report } from './serve/agent-error.ts'
import { Session, type Introduction } from './serve/session.ts'

await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { connect: { type: 'string' } },
    allowPositionals: true,
  })
  const connectUri = values.connect ?? null
  const task = readGuardianArguments(positionals)
  if (task === null) await serve(connectUri)
  else await guard(task, openVms(connectUri), process.stdin, process.stdout)
  // What still runs (a guest call that hangs, say) must not keep the process.
  process.exit()
}

async function serve(connectUri: string | null): Promise<void> {
  const connect = connectUri === null ? [] : [`--connect=${connectUri}`]
  const program = [...process.execArgv, import.meta.filename, ...connect]
  const agent = composeAgent({ connectUri, program })
  const session = new Session(agent, process.stdin, process.stdout)
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    process.on(signal, () => {
      session.stop('signal')
    })
  }
  process.on('uncaughtException', (error) => {
    session.fail(error)
  })
  // A broken stderr is no reason to leave the host as it is.
  process.stderr.on('error', () => undefined)
  const reason = await session.serve(introduce())
  if (reason !== 'failure') return
  report('ended', 'by an error of its own')
  process.exitCode = 1
}

function introduce(): Introduction {
  return {
    protocol: PROTOCOL_VERSION,
    agentSha256: createHash('sha256')
      .update(readFileSync(import.meta.filename))
      .digest('hex'),
    appVersion: packageJson.version,
    node: process.versions.node,
    pid: process.pid,
  }
}
