/**
 * The workload file: a parallel program as data. Parameters with provenance, what threads share,
 * roles with readable nested programs, and how the memory behaves. Every number of a program may be
 * an expression over the parameters, `vcpus`, `scale`, and `index` (of a thread within its role).
 */
import * as v from 'valibot'
import { EXPRESSION_LENGTH_MAX } from './expression.ts'
import type { Expression } from './expression.ts'
import { RW_LOCK_KINDS, SPIN_LOCK_KINDS } from '../model/program.ts'

const Name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_]\w{0,59}$/, 'a name is a letter, then letters, digits or _'),
)
const Text = v.pipe(v.string(), v.maxLength(2000))
const ExpressionSchema = v.union(
  [v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.maxLength(EXPRESSION_LENGTH_MAX))],
  'must be a number or an expression',
)
const cv = v.optional(ExpressionSchema, 0)
const holdNs = v.optional(ExpressionSchema, 0)
/** Which queue of a family, from 0. */
const at = v.optional(ExpressionSchema, 0)

/** A parameter: default (a number, or an expression over earlier ones), unit and provenance. */
const ParamSchema = v.strictObject({
  value: ExpressionSchema,
  unit: v.pipe(v.string(), v.maxLength(40)),
  mark: v.picklist(['S', 'K', 'D', 'A'], 'mark must be S, K, D or A'),
  source: Text,
  label: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  min: v.optional(v.pipe(v.number(), v.finite())),
  max: v.optional(v.pipe(v.number(), v.finite())),
})

/** A parameter of a workload file. */
export type WorkloadParam = v.InferOutput<typeof ParamSchema>

/** One step of a role's program. */
export type ProgramNode =
  | { op: 'compute'; ns: Expression; cv: Expression }
  | {
      op: 'bulk'
      ns: Expression
      cv: Expression
      lockSet: string
      locks: Expression
      holdNs: Expression
    }
  | { op: 'critical'; mutex: string; ns: Expression; cv: Expression; tlb: boolean }
  | { op: 'spin-critical'; lock: string; ns: Expression; cv: Expression }
  | { op: 'read-critical' | 'write-critical'; lock: string; ns: Expression; cv: Expression }
  | { op: 'rcu-read'; ns: Expression; cv: Expression }
  | { op: 'rcu-sync' }
  | { op: 'cond-wait' | 'cond-signal' | 'cond-broadcast'; condition: string; holdNs: Expression }
  | { op: 'loop'; times: Expression; body: ProgramNode[] }
  | {
      op: 'tickets'
      counter: string
      count: Expression
      mutex?: string | undefined
      holdNs: Expression
      body: ProgramNode[]
    }
  | { op: 'each'; queue: string; at: Expression; holdNs: Expression; body: ProgramNode[] }
  | { op: 'pop'; queue: string; at: Expression; holdNs: Expression }
  | { op: 'push'; queue: string; at: Expression; holdNs: Expression }
  | { op: 'close'; queue: string; at: Expression }
  | { op: 'barrier'; barrier: string }
  | { op: 'rows'; rows: Expression; lag: Expression; body: ProgramNode[] }
  | { op: 'tlb' }
  | { op: 'sleep'; ns: Expression; cv: Expression }
  | { op: 'arrive'; ns: Expression; cv: Expression }
  | { op: 'request' }
  | { op: 'respond' }

const ns = ExpressionSchema
const Body = v.pipe(
  v.array(v.lazy((): v.GenericSchema<unknown, ProgramNode> => NodeSchema)),
  v.maxLength(200, 'a body has at most 200 steps'),
)

const NodeSchema: v.GenericSchema<unknown, ProgramNode> = v.variant(
  'op',
  [
    v.strictObject({ op: v.literal('compute'), ns, cv }),
    v.strictObject({
      op: v.literal('bulk'),
      ns,
      cv,
      lockSet: Name,
      locks: ExpressionSchema,
      holdNs: ExpressionSchema,
    }),
    v.strictObject({
      op: v.literal('critical'),
      mutex: Name,
      ns,
      cv,
      /** A TLB shootdown before the mutex is released, as munmap does under mmap_sem. */
      tlb: v.optional(v.boolean(), false),
    }),
    v.strictObject({ op: v.literal('spin-critical'), lock: Name, ns, cv }),
    v.strictObject({ op: v.literal('read-critical'), lock: Name, ns, cv }),
    v.strictObject({ op: v.literal('write-critical'), lock: Name, ns, cv }),
    v.strictObject({ op: v.literal('rcu-read'), ns, cv }),
    v.strictObject({ op: v.literal('rcu-sync') }),
    v.strictObject({ op: v.literal('cond-wait'), condition: Name, holdNs }),
    v.strictObject({ op: v.literal('cond-signal'), condition: Name, holdNs }),
    v.strictObject({ op: v.literal('cond-broadcast'), condition: Name, holdNs }),
    v.strictObject({ op: v.literal('loop'), times: ExpressionSchema, body: Body }),
    v.strictObject({
      op: v.literal('tickets'),
      counter: Name,
      count: ExpressionSchema,
      mutex: v.optional(Name),
      holdNs,
      body: Body,
    }),
    v.strictObject({ op: v.literal('each'), queue: Name, at, holdNs, body: Body }),
    v.strictObject({ op: v.literal('pop'), queue: Name, at, holdNs }),
    v.strictObject({ op: v.literal('push'), queue: Name, at, holdNs }),
    v.strictObject({ op: v.literal('close'), queue: Name, at }),
    v.strictObject({ op: v.literal('barrier'), barrier: Name }),
    v.strictObject({
      op: v.literal('rows'),
      rows: ExpressionSchema,
      lag: ExpressionSchema,
      body: Body,
    }),
    v.strictObject({ op: v.literal('tlb') }),
    v.strictObject({ op: v.literal('sleep'), ns, cv }),
    v.strictObject({ op: v.literal('arrive'), ns, cv: v.optional(ExpressionSchema, 1) }),
    v.strictObject({ op: v.literal('request') }),
    v.strictObject({ op: v.literal('respond') }),
  ],
  'op must be one of compute, bulk, critical, spin-critical, read-critical, write-critical, ' +
    'rcu-read, rcu-sync, cond-wait, cond-signal, cond-broadcast, loop, tickets, each, pop, push, ' +
    'close, barrier, rows, tlb, sleep, arrive, request, respond',
)

/**
 * Threads that run the same program. `ring`: each follows its left neighbour (see `rows`). `nice`:
 * their nice value in the guest, rounded.
 */
const RoleSchema = v.strictObject({
  name: Name,
  count: ExpressionSchema,
  ring: v.optional(v.boolean(), false),
  nice: v.optional(ExpressionSchema, 0),
  program: v.pipe(Body, v.minLength(1, 'a program needs at least one step')),
})

/** A role of a workload file. */
export type Role = v.InferOutput<typeof RoleSchema>

/** Locks of a guest kernel: each a name for the plain kind, or a name and a kind. */
const locksOf = <const K extends readonly [string, ...string[]]>(kinds: K) => {
  const lock = v.union(
    [
      v.pipe(
        Name,
        v.transform((name): { name: string; kind: K[number] } => ({ name, kind: kinds[0] })),
      ),
      v.strictObject({
        name: Name,
        kind: v.picklist(kinds, `kind must be one of ${kinds.join(', ')}`),
      }),
    ],
    'must be a name, or a name and a kind',
  )
  return v.optional(v.pipe(v.array(lock), v.maxLength(1000)), [])
}

const names = v.optional(v.pipe(v.array(Name), v.maxLength(1000)), [])

/** The workload file. */
export const WorkloadFileSchema = v.strictObject({
  kind: v.literal('workload', 'kind must be "workload"'),
  version: v.literal(1, 'version must be 1'),
  id: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,59}$/, 'an id is lower-case, e.g. "my-app"')),
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  suite: v.picklist(
    ['parsec', 'kernel', 'micro', 'user'],
    'suite must be "parsec", "kernel", "micro" or "user"',
  ),
  summary: Text,
  /** The file's header: where the model comes from and what it leaves out. */
  about: v.optional(v.array(Text), []),
  params: v.optional(v.record(Name, ParamSchema), {}),
  mutexes: names,
  spinLocks: locksOf(SPIN_LOCK_KINDS),
  rwLocks: locksOf(RW_LOCK_KINDS),
  /** Condition variables, each with the mutex that protects its predicate. */
  conditions: v.optional(
    v.pipe(v.array(v.strictObject({ name: Name, mutex: Name })), v.maxLength(1000)),
    [],
  ),
  counters: names,
  barriers: v.optional(v.array(v.strictObject({ name: Name, spinNs: ExpressionSchema })), []),
  /** `count`: a family of so many queues under one name. */
  queues: v.optional(
    v.array(
      v.strictObject({
        name: Name,
        capacity: ExpressionSchema,
        count: v.optional(ExpressionSchema, 1),
      }),
    ),
    [],
  ),
  lockSets: v.optional(
    v.array(
      v.strictObject({
        name: Name,
        locks: ExpressionSchema,
        kind: v.picklist(['mutex', 'spin'], 'kind must be "mutex" or "spin"'),
      }),
    ),
    [],
  ),
  roles: v.pipe(
    v.array(RoleSchema),
    v.minLength(1, 'roles must name at least one role'),
    v.maxLength(64, 'roles must name at most 64 roles'),
  ),
  memory: v.strictObject({
    privateKib: ExpressionSchema,
    sharedKib: ExpressionSchema,
    missPenalty: ExpressionSchema,
    remotePenalty: ExpressionSchema,
    sharedFraction: ExpressionSchema,
  }),
})

/** A workload file as read, defaults filled in. */
export type WorkloadFile = v.InferOutput<typeof WorkloadFileSchema>
