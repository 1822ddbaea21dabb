/** Code: programs as numbers, so that the interpreter's loop compares small integers. */
import type { Op, Program, WorkloadSpec } from './program.ts'

/** Operation codes. */
export const CODE = {
  compute: 0,
  bulk: 1,
  lock: 2,
  unlock: 3,
  'spin-lock': 4,
  'spin-unlock': 5,
  barrier: 6,
  set: 7,
  again: 8,
  take: 9,
  arm: 10,
  push: 11,
  pop: 12,
  close: 13,
  publish: 14,
  follow: 15,
  tlb: 16,
  sleep: 17,
  jump: 18,
  end: 19,
  arrive: 20,
  request: 21,
  respond: 22,
  'read-lock': 23,
  'read-unlock': 24,
  'write-lock': 25,
  'write-unlock': 26,
  'rcu-lock': 27,
  'rcu-unlock': 28,
  'rcu-sync': 29,
  wait: 30,
  signal: 31,
  broadcast: 32,
} as const satisfies Record<Op['op'], number>

/** Numbers an operation can have. */
const OPERANDS = 5

/** A program as arrays: `code[pc]`, `operand[pc * 5 + i]`. */
export type Code = { readonly code: Uint8Array; readonly operand: Float64Array }

function operands(op: Op): readonly number[] {
  switch (op.op) {
    case 'compute':
    case 'sleep':
    case 'arrive':
      return [op.ns, op.cv]
    case 'bulk':
      return [op.ns, op.cv, op.lockSet, Math.max(0, 1 / op.locksPerNs - op.holdNs), op.holdNs]
    case 'lock':
    case 'unlock':
      return [op.mutex]
    case 'spin-lock':
    case 'spin-unlock':
    case 'read-lock':
    case 'read-unlock':
    case 'write-lock':
    case 'write-unlock':
      return [op.lock]
    case 'wait':
      return [op.condition, op.mutex]
    case 'signal':
    case 'broadcast':
      return [op.condition]
    case 'barrier':
      return [op.barrier]
    case 'set':
      return [op.register, Math.round(op.count), op.exit]
    case 'again':
      return [op.register, op.to]
    case 'take':
      return [op.counter, Math.round(op.count), op.exit]
    case 'arm':
      return [op.counter]
    case 'push':
      return [op.queue, op.mutex]
    case 'pop':
      return [op.queue, op.mutex, op.exit]
    case 'close':
      return [op.queue]
    case 'follow':
      return [op.rows, op.lag]
    case 'jump':
      return [op.to]
    default:
      return []
  }
}

function encodeProgram(program: Program): Code {
  const code = new Uint8Array(program.length)
  const operand = new Float64Array(program.length * OPERANDS)
  program.forEach((op, pc) => {
    code[pc] = CODE[op.op]
    operand.set(operands(op), pc * OPERANDS)
  })
  return { code, operand }
}

/** Encodes a workload's programs, one per thread (shared where the program is). */
export function encode(workload: WorkloadSpec): readonly Code[] {
  const codes = workload.programs.map(encodeProgram)
  return workload.threadProgram.map((index) => codes[index]!)
}

/** Index of the first operand of an operation. */
export const operandAt = (pc: number): number => pc * OPERANDS
