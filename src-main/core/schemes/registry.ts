/**
 * Registry: all schemes, in the order in which they are shown. A new scheme is one file and a line.
 */
import { asman } from './asman.ts'
import { balance } from './balance.ts'
import { cfs } from './cfs.ts'
import { credit } from './credit.ts'
import { credit2 } from './credit2.ts'
import { delay } from './delay.ts'
import { demand } from './demand.ts'
import { eevdf } from './eevdf.ts'
import { esxRelaxed } from './esx-relaxed.ts'
import { esxStrict } from './esx-strict.ts'
import { flex } from './flex.ts'
import { flexcore } from './flexcore.ts'
import { gang } from './gang.ts'
import { hybrid } from './hybrid.ts'
import { pin } from './pin.ts'
import { preferredCpus } from './preferred-cpus.ts'
import type { Scheme } from './scheme.ts'
import { taskAware } from './task-aware.ts'
import { vcpuBal } from './vcpu-bal.ts'
import { vscale } from './vscale.ts'

/** All schemes. */
export const SCHEMES: readonly Scheme[] = [
  cfs,
  eevdf,
  credit,
  credit2,
  gang,
  esxStrict,
  esxRelaxed,
  hybrid,
  asman,
  taskAware,
  balance,
  pin,
  demand,
  delay,
  flex,
  vcpuBal,
  flexcore,
  vscale,
  preferredCpus,
]

/** The scheme of an id; undefined when there is none. */
export const findScheme = (id: string): Scheme | undefined => SCHEMES.find((s) => s.id === id)
