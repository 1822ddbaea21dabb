// `npm run bed`: a KVM host on your laptop. Starts a bed, says how to use it, and stops all of it
// on Ctrl-C.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startBed, type Bed } from './bed.ts'
import { SSH_HOST } from './sshd.ts'

const USAGE = `npm run bed -- [--guests N] [--vcpus N] [--libvirt] [--name NAME] [--json]

  --guests N    how many guests (2)
  --vcpus N     vCPUs of each guest (2)
  --name NAME   guests are called NAME-1, NAME-2 … (bed)
  --libvirt     guests are domains of a libvirtd of the bed's own; needs root
  --json        print what it is made of as one JSON line instead
`

const OPTIONS = {
  guests: { type: 'string', default: '2' },
  vcpus: { type: 'string', default: '2' },
  name: { type: 'string', default: 'bed' },
  libvirt: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS })
  const guests = Number(values.guests)
  const vcpus = Number(values.vcpus)
  const isSane = [guests, vcpus].every((count) => Number.isInteger(count) && count >= 1)
  if (values.help || !isSane) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 2
  }
  const end = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
  const starting = startBed({ ...values, guests, vcpus, ssh: true })
  const first = await Promise.race([starting, end.then(() => undefined)])
  if (first !== undefined) {
    process.stdout.write(values.json ? `${JSON.stringify(first)}\n` : describe(first))
    // The listeners alone do not keep a process alive.
    const alive = setInterval(() => undefined, 60_000)
    await end
    clearInterval(alive)
  }
  const bed = await starting
  await bed.stop()
  return 0
}

function describe({ ssh, guests, libvirt, accelerator, folder }: Bed): string {
  const names = (libvirt?.domains ?? guests).map(
    ({ name, vcpus, bootMs }) => `${name} (vCPUs: ${vcpus}, booted in ${bootMs} ms)`,
  )
  const limits = accelerator === 'tcg' ? ': no hardware virtualisation here; see docs/bed.md' : ''
  const virshLine = libvirt === undefined ? '' : `  virsh -c '${libvirt.uri}' list\n\n`
  return `The bed is up: ${names.join(', ')}; accelerator ${accelerator}${limits}

  ssh -F ${ssh!.configFile} ${SSH_HOST}
  flexlab host add ${SSH_HOST} --ssh-config ${ssh!.configFile}

${virshLine}Sockets and consoles of the guests are in ${folder}
Ctrl-C stops everything.
`
}
