/**
 * What a QEMU process was started with: name, monitor, guest agent's channel, accelerator. Parsed
 * from its argument vector, which anyone may have written, so each part may be missing or odd.
 */
import { parseJson } from './guest-channel.ts'

/** What the agent needs of a QEMU command line. */
export type QemuCommandLine = {
  /** As given; not yet checked to be a name the lab accepts. Null without `-name`. */
  readonly name: string | null
  /** libvirt holds its monitor. */
  readonly isLibvirt: boolean
  readonly qmpPath: string | null
  readonly qgaPath: string | null
  readonly accel: 'kvm' | 'tcg' | 'unknown'
  readonly memoryBytes: number | null
}

type Options = Readonly<Record<string, string>>

const GUEST_AGENT_PORT = 'org.qemu.guest_agent.0'
/** libvirt's name for the monitor's character device, in all its versions. */
const LIBVIRT_MONITOR = 'charmonitor'

/** Reads an argument vector; null when its program is no QEMU system emulator. */
export function parseQemuCommandLine(argv: readonly string[]): QemuCommandLine | null {
  const program = (argv[0] ?? '').split('/').at(-1) ?? ''
  if (!/^(qemu-system-[\w-]+|qemu-kvm|kvm)$/.test(program)) return null
  const values = (option: string) => valuesOf(argv, option)
  const chardevs = values('chardev').map(parseOptions)
  const name = values('name').map(parseOptions).at(-1)
  return {
    name: name?.['guest'] ?? name?.['0'] ?? null,
    isLibvirt: chardevs.some((device) => device['id'] === LIBVIRT_MONITOR),
    qmpPath: monitorPath(values, chardevs),
    qgaPath: guestAgentPath(values, chardevs),
    accel: accelOf(values),
    memoryBytes: memoryOf(values('m').at(-1)),
  }
}

/** Values of an option, which QEMU takes with one dash or two. */
function valuesOf(argv: readonly string[], option: string): string[] {
  return argv.flatMap((arg, i) => {
    const isIt = i > 1 && (argv[i - 1] === `-${option}` || argv[i - 1] === `--${option}`)
    return isIt ? [arg] : []
  })
}

/** `a,b=c,d=e,,f` → {0: a, b: c, d: 'e,f'}; an option in JSON likewise. */
function parseOptions(text: string): Options {
  if (text.startsWith('{')) return jsonOptions(text)
  const parts = text.replaceAll(',,', '\0').split(',')
  const entries = parts.map((part, i) => {
    const [key, ...value] = part.replaceAll('\0', ',').split('=')
    return value.length === 0 ? [String(i), key] : [key, value.join('=')]
  })
  return Object.fromEntries(entries) as Options
}

function jsonOptions(text: string): Options {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return {}
  const entries = Object.entries(value).filter(([, entry]) => typeof entry === 'string')
  return Object.fromEntries(entries)
}

function monitorPath(values: (option: string) => string[], chardevs: readonly Options[]) {
  const controls = values('mon')
    .map(parseOptions)
    .filter((monitor) => monitor['mode'] === 'control' && monitor['pretty'] !== 'on')
  for (const monitor of controls) {
    const path = socketPath(chardevs, monitor['chardev'] ?? monitor['0'])
    if (path !== null) return path
  }
  const short = values('qmp').find((value) => value.startsWith('unix:'))
  return short === undefined ? null : (parseOptions(short.slice('unix:'.length))['0'] ?? null)
}

function guestAgentPath(values: (option: string) => string[], chardevs: readonly Options[]) {
  const port = values('device')
    .map(parseOptions)
    .find((device) => device['name'] === GUEST_AGENT_PORT)
  return port === undefined ? null : socketPath(chardevs, port['chardev'])
}

function socketPath(chardevs: readonly Options[], id: string | undefined): string | null {
  const device = chardevs.find((options) => options['id'] === id && id !== undefined)
  return device?.['path'] ?? null
}

/** The accelerator where the command line names just one; of `kvm:tcg` only QEMU knows. */
function accelOf(values: (option: string) => string[]): QemuCommandLine['accel'] {
  const named = [
    ...values('accel').map((value) => parseOptions(value)['0'] ?? parseOptions(value)['accel']),
    ...[...values('machine'), ...values('M')].map((value) => parseOptions(value)['accel']),
  ].filter((accel) => accel !== undefined)
  const [only] = named
  if (named.length === 1 && (only === 'kvm' || only === 'tcg')) return only
  return 'unknown'
}

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** `-m 512`, `-m size=2G,slots=…`: MiB unless it has a unit. */
function memoryOf(value: string | undefined): number | null {
  if (value === undefined) return null
  const options = parseOptions(value)
  const size = /^(\d+)([KMGT]?)B?$/i.exec(options['size'] ?? options['0'] ?? '')
  if (size === null) return null
  return Number(size[1]) * (UNITS[(size[2] ?? '').toUpperCase()] ?? UNITS['M']!)
}
