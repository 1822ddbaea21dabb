// Holds the lock of a state folder until it is killed; a process of the lock's tests.
import { HostLock } from '../../../../src-main/agent/change/host-lock.ts'

await HostLock.take(process.argv[2] ?? '')
process.stdout.write('held\n')
setInterval(() => undefined, 60_000)
