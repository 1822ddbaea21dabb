/** The hosts of the lab: real machines with VMs, how they are reached, what is known of them. */
import * as v from 'valibot'
import { SchemeRequestSchema } from './agent/change.ts'
import { HostFactsSchema, VmFactsSchema } from './agent/facts.ts'
import { HostNameSchema, HostTargetSchema } from './agent/names.ts'
import { ONE_LINE } from './values.ts'

const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.regex(ONE_LINE))

/** Adding a host. */
export const NewHostSchema = v.strictObject({
  name: HostNameSchema,
  /** What ssh takes, or `local:`; the name unless given. */
  target: v.optional(HostTargetSchema),
  /** An ssh_config in place of the user's own, as `ssh -F` takes it: absolute path. */
  sshConfig: v.optional(Path),
})
/** Adding a host. */
export type NewHost = v.InferOutput<typeof NewHostSchema>
/** Adding a host, as a form has it: nothing is checked yet. */
export type NewHostInput = v.InferInput<typeof NewHostSchema>

/** A host key that the user has accepted. */
export const TrustedKeySchema = v.object({
  algorithm: v.string(),
  /** As OpenSSH prints it: `SHA256:…`. */
  fingerprint: v.string(),
  trustedAt: v.string(),
})
/** A host key that the user has accepted. */
export type TrustedKey = v.InferOutput<typeof TrustedKeySchema>

const Problem = v.object({ code: v.string(), message: v.string(), hint: v.string() })

/** What one attempt to reach a host found, step by step; what was not reached is null. */
export const HostProbeSchema = v.object({
  name: v.string(),
  at: v.string(),
  /** As `ssh -G` resolves it; null of `local:`. */
  resolved: v.nullable(v.object({ hostName: v.string(), user: v.string(), port: v.number() })),
  /**
   * What ssh knows of its key; null of `local:`. `unknown`: the key that it shows, until the user
   * accepts it with `trust`. `refused`: changed, revoked, or of a host on the way that is not
   * known; that stays so, whatever the user says here.
   */
  key: v.nullable(
    v.variant('state', [
      v.object({ state: v.literal('known') }),
      v.object({ state: v.literal('unknown'), algorithm: v.string(), fingerprint: v.string() }),
      v.object({ state: v.literal('refused') }),
    ]),
  ),
  agent: v.nullable(
    v.object({ appVersion: v.string(), sha256: v.string(), node: v.string(), pid: v.number() }),
  ),
  facts: v.nullable(HostFactsSchema),
  vms: v.nullable(v.array(VmFactsSchema)),
  /** Why it went no further; null when everything answered. */
  problem: v.nullable(Problem),
  tookMs: v.number(),
})
/** What one attempt to reach a host found. */
export type HostProbe = v.InferOutput<typeof HostProbeSchema>

/** A host as the library keeps it. */
export const HostRecordSchema = v.object({
  name: v.string(),
  target: v.string(),
  sshConfig: v.nullable(v.string()),
  addedAt: v.string(),
  trusted: v.nullable(TrustedKeySchema),
  /** The last attempt to reach it; null before the first. */
  probe: v.nullable(HostProbeSchema),
  note: v.string(),
})
/** A host as the library keeps it. */
export type HostRecord = v.InferOutput<typeof HostRecordSchema>

/** A host and what this process does with it. */
export const HostRowSchema = v.object({
  ...HostRecordSchema.entries,
  session: v.object({
    /** `open`: the agent runs; `lost`: the connection broke, and the agent puts the host back. */
    state: v.picklist(['closed', 'opening', 'open', 'lost']),
    /** The scheme that this process holds on it, by its lease. */
    applied: v.nullable(
      v.object({
        scheme: v.string(),
        vms: v.array(v.string()),
        journalId: v.string(),
        since: v.string(),
      }),
    ),
    /** The run that is being measured on it; nothing else may change the host meanwhile. */
    measuring: v.nullable(v.string()),
    /** Why it is not as it was found; null when it is. */
    dirty: v.nullable(v.string()),
    /** What its agent reported last outside of requests, such as a lost lease. */
    notice: v.nullable(v.string()),
  }),
})
/** A host and what this process does with it. */
export type HostRow = v.InferOutput<typeof HostRowSchema>

/** A host by its name. */
export const HostRefSchema = v.strictObject({ name: HostNameSchema })

/** A scheme asked for on VMs of a host. */
export const HostSchemeSchema = v.strictObject({
  name: HostNameSchema,
  ...SchemeRequestSchema.entries,
})
/** A scheme asked for on VMs of a host. */
export type HostScheme = v.InferOutput<typeof HostSchemeSchema>
