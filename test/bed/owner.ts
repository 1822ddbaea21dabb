// The owner of a bed in a process that a test can kill: starts one, prints it, and waits.
import { startBed } from './bed.ts'

const bed = await startBed({ guests: 1, vcpus: 1, ssh: true })
process.stdout.write(`${JSON.stringify(bed)}\n`)
setInterval(() => undefined, 60_000)
