/** flexlab host add, list, remove, probe, trust: which hosts there are, and who is let in. */
import type { Command } from 'commander'
import path from 'node:path'
import type { HostProbe, HostRow } from '../../../../core/contract/hosts.ts'
import { LabError } from '../../../../lab/index.ts'
import type { Lab } from '../../../../lab/index.ts'
import { consents } from '../../ask.ts'
import { act } from '../../cli.ts'
import type { Session } from '../../cli.ts'
import { EXIT, exitCodeOf } from '../../exit-codes.ts'
import type { ExitCode } from '../../exit-codes.ts'
import { hostLines, printProbe } from '../../output/host.ts'

type Json = { json?: boolean }
type Consent = { yes?: boolean; fingerprint?: string }
type AddOptions = Json & Consent & { sshConfig?: string; connect: boolean }

const YES = 'accept the key that the host shows, unseen'
const FINGERPRINT = 'accept the key with this fingerprint, as the host’s administrator gave it'

/** Adds the commands. */
export function addPlaces(host: Command): void {
  addAdd(host)
  addList(host)
  addRemove(host)
  addProbe(host)
  addTrust(host)
}

function addAdd(host: Command): void {
  const command = host
    .command('add <name> [target]')
    .description('keep a host of ~/.ssh/config, user@host, or "local:" for this machine')
    .option('--ssh-config <file>', 'an ssh_config in place of ~/.ssh/config')
    .option('--no-connect', 'only keep it; do not try to reach it')
    .option('--yes', YES)
    .option('--fingerprint <text>', FINGERPRINT)
    .option('--json', 'print JSON')
  act<AddOptions>(command, async (session, name, target) => {
    const { options, terminal } = session
    const { host: cases } = await session.lab()
    const row = await cases.add({
      name,
      ...(target === undefined || target === '' ? {} : { target }),
      ...(options.sshConfig === undefined ? {} : { sshConfig: path.resolve(options.sshConfig) }),
    })
    terminal.say(`kept ${row.name} (${row.target})`)
    if (!options.connect) {
      if (options.json === true) terminal.json(row)
      return EXIT.ok
    }
    return reach(name, session)
  })
}

/** Probes a host; asks for consent to its key where that is what is missing. */
async function reach(name: string, session: Session<Json & Consent>): Promise<ExitCode> {
  const lab = await session.lab()
  const first = await lab.host.probe(name)
  const isTrusted = first.key?.state === 'unknown' && (await trust(lab, first, session))
  const probe = isTrusted ? await lab.host.probe(name) : first
  const { options, terminal } = session
  if (options.json === true) terminal.json(probe)
  else printProbe(probe, terminal)
  return probe.problem === null ? EXIT.ok : exitCodeOf(codeOf(probe.problem))
}

const codeOf = ({ code }: NonNullable<HostProbe['problem']>): LabError['code'] =>
  code as LabError['code']

/** @throws LabError `conflict` without consent */
async function trust(
  lab: Lab,
  { name, key }: HostProbe,
  { options, terminal, interrupts }: Session<Consent>,
): Promise<boolean> {
  if (key?.state !== 'unknown') return false
  const { algorithm, fingerprint } = key
  terminal.say(`${name} shows the key ${algorithm} ${fingerprint}`)
  const isGiven = options.fingerprint !== undefined || options.yes === true
  const otherwise = `compare it, then: flexlab host trust ${name} --fingerprint …`
  const question = 'Is that the fingerprint that the host’s administrator gives?'
  if (!isGiven && !(await consents(question, interrupts, otherwise))) {
    throw new LabError('conflict', `the key of "${name}" was not accepted`, otherwise)
  }
  await lab.host.trust(name, options.fingerprint ?? fingerprint)
  terminal.say('accepted; only this key is taken from now on')
  return true
}

function addList(host: Command): void {
  const command = host.command('list').description('list the hosts').option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }) => {
    const rows: HostRow[] = await (await lab()).host.list()
    if (options.json === true) terminal.json(rows)
    else for (const line of hostLines(rows)) terminal.print(line)
    return EXIT.ok
  })
}

function addRemove(host: Command): void {
  const command = host.command('remove <name>').description('forget a host; its runs stay')
  act(command, async ({ lab, terminal }, name) => {
    const { changed } = await (await lab()).host.remove(name)
    if (changed === 0) throw new LabError('not-found', `there is no host "${name}"`)
    terminal.say(`forgot ${name}`)
    return EXIT.ok
  })
}

function addProbe(host: Command): void {
  const command = host
    .command('probe <name>')
    .description('try to reach a host, and say how far that went')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, name) => {
    const probe = await (await lab()).host.probe(name)
    if (options.json === true) terminal.json(probe)
    else printProbe(probe, terminal)
    return probe.problem === null ? EXIT.ok : exitCodeOf(codeOf(probe.problem))
  })
}

function addTrust(host: Command): void {
  const command = host
    .command('trust <name>')
    .description('accept the key of a host that is not known yet')
    .option('--yes', YES)
    .option('--fingerprint <text>', FINGERPRINT)
    .option('--json', 'print JSON')
  act<Json & Consent>(command, (session, name) => reach(name, session))
}
