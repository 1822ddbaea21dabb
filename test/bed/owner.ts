// The owner of a bed in a process that a test can kill: starts one, with libvirt if its argument
// says so, prints it, and waits.
import { startBed } from './bed.ts'

const bed = await startBed({
  guests: 1,
  vcpus: 2,
  ssh: true,
  libvirt: process.argv[2] === 'libvirt',
})
process.stdout.write(`${JSON.stringify(bed)}\n`)
setInterval(() => undefined, 60_000)
