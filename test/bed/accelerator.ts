// Which accelerator this machine really has. /dev/kvm may exist and still run nothing (a container
// without nested virtualisation), so the answer is a guest that has booted.
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { canBoot, type Accelerator, type GuestOptions } from './guest.ts'
import { BED_CACHE } from './initramfs.ts'

const DEVICE = '/dev/kvm'
const BOOT_MS_MAX = 10_000

/** KVM where a guest boots with it, else TCG. Found out once in each boot of the machine. */
export async function findAccelerator(probe: Omit<GuestOptions, 'accelerator'>) {
  if (!hasDevice()) return 'tcg'
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const known = path.join(BED_CACHE, `accelerator-${bootId}`)
  if (existsSync(known)) return readFileSync(known, 'utf8') as Accelerator
  const boots = await canBoot({ ...probe, accelerator: 'kvm' }, BOOT_MS_MAX)
  const accelerator: Accelerator = boots ? 'kvm' : 'tcg'
  writeFileSync(known, accelerator)
  return accelerator
}

/** Whether the processor says that it can, and the device that we may. */
function hasDevice(): boolean {
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK)
    return /^flags\b.*\b(vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
  } catch {
    return false
  }
}
