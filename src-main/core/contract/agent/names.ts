/**
 * Names that reach a host: of hosts, VMs and programs. They come from files, from libvirt and from
 * people, and end as arguments of other programs, so their alphabet is part of their type.
 */
import * as v from 'valibot'
import { ONE_LINE } from '../values.ts'

/** A host's name in the lab: what the library, the campaign file and the screens call it. */
export const HostNameSchema = v.pipe(
  v.string('a host name must be text'),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'a host name has 1–63 letters, digits and . - _, and starts with a letter or digit',
  ),
)

/** The lab's own machine as a target: the agent is started by a local shell, without ssh. */
export const LOCAL_TARGET = 'local:'

const SSH_USER = '[A-Za-z0-9_][A-Za-z0-9._-]{0,63}'
const SSH_HOST = '[A-Za-z0-9_][A-Za-z0-9._-]{0,252}'
/** At least two colons; an interface after % belongs into ~/.ssh/config. */
const IPV6 = '(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}'
const TARGET = new RegExp(`^(?:${LOCAL_TARGET}|(?:${SSH_USER}@)?(?:${SSH_HOST}|${IPV6}))$`)

/**
 * Where a host is reached: what `ssh` takes (a name of ~/.ssh/config, a hostname or an address,
 * each with or without `user@`), or `local:`. It becomes an argument of ssh, and ssh's own
 * configuration may hand it to a shell (ProxyCommand, Match exec), so nothing else is let in.
 */
export const HostTargetSchema = v.pipe(
  v.string('a host must be text'),
  v.regex(
    TARGET,
    'a host is a name of ~/.ssh/config, a hostname or an address, with or without user@; a port ' +
      'belongs into ~/.ssh/config',
  ),
  v.brand('HostTarget'),
)
/** Where a host is reached. */
export type HostTarget = v.InferOutput<typeof HostTargetSchema>

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
