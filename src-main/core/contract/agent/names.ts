/**
 * Names that reach a host: of hosts, VMs and programs. They come from files, from libvirt and from
 * people, and end as arguments of other programs, so their alphabet is part of their type.
 */
import * as v from 'valibot'
import { ONE_LINE } from '../scenario.ts'

/** A host's name in the lab: what the library, the campaign file and the screens call it. */
export const HostNameSchema = v.pipe(
  v.string('a host name must be text'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'a host name has 1–63 letters, digits and . - _, and starts with a letter or digit',
  ),
)

/**
 * A VM's name as QEMU or libvirt has it. A leading `-` would be an option of virsh, so it is
 * refused; the rest is harmless, since no shell ever sees it.
 */
export const VmNameSchema = v.pipe(
  v.string('a VM name must be text'),
  v.minLength(1, 'a VM name must not be empty'),
  v.maxLength(200, 'a VM name has at most 200 characters'),
  v.regex(ONE_LINE, 'a VM name must not hold control characters'),
  v.check((name) => !name.startsWith('-'), 'a VM name must not start with a dash'),
)

/** A whole number ≥ 0 that a double holds exactly. */
export const CountSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** ns, bytes and the like: finite and ≥ 0. */
export const AmountSchema = v.pipe(v.number(), v.finite(), v.minValue(0))

/** CPU numbers, of the host or of a guest, ascending and each once. */
export const CpuListSchema = v.pipe(
  v.array(v.pipe(CountSchema, v.maxValue(8191))),
  v.maxLength(8192),
  v.check((cpus) => cpus.every((cpu, i) => i === 0 || cpus[i - 1]! < cpu), 'CPUs must ascend'),
)

/** Why figures cannot be had here, by their keys. What is in it is shown so, never as zero. */
export const NotObservableSchema = v.record(v.string(), v.string())
/** Why figures cannot be had here, by their keys. */
export type NotObservable = v.InferOutput<typeof NotObservableSchema>
