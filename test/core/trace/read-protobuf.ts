// A protobuf decoder that knows nothing of the encoder under test: it reads the .proto beside it
// and gives back messages by field name. Any field or wire type that the .proto does not have is
// an error.
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A decoded message: every field a list of numbers, bigints, texts or messages. */
export type Message = { readonly [field: string]: readonly (bigint | string | Message)[] }

type Field = { readonly name: string; readonly type: string }

const WIRE_OF: Readonly<Record<string, number>> = { fixed64: 1, double: 1, string: 2 }
const NUMBERS = new Set(['uint64', 'int64', 'uint32', 'int32', 'bool'])

/** The .proto that was written after Perfetto's. */
export const PROTO_FILE = path.join(import.meta.dirname, 'perfetto-subset.proto')

const schema = readSchema(readFileSync(PROTO_FILE, 'utf8'))

/** Fields by number of each message; enums have none. */
function readSchema(text: string): Map<string, Map<number, Field>> {
  const messages = new Map<string, Map<number, Field>>()
  let current = new Map<number, Field>()
  for (const line of text.split('\n')) {
    const opened = /^\s*message (\w+)/.exec(line)
    if (opened) messages.set(opened[1]!, (current = new Map<number, Field>()))
    const field = /^\s*(?:optional |repeated )?(\w+) (\w+) = (\d+);/.exec(line)
    if (field) current.set(Number(field[3]), { type: field[1]!, name: field[2]! })
  }
  return messages
}

/** Decodes a message of a type. @throws Error at the first thing that does not fit */
export function readMessage(bytes: Uint8Array, type: string): Message {
  const fields = schema.get(type)
  if (fields === undefined) throw new Error(`no message ${type}`)
  const found: Record<string, (bigint | string | Message)[]> = {}
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new Error(`${type}: a varint without an end`)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const field = fields.get(tag >> 3)
    if (field === undefined) throw new Error(`${type} has no field ${tag >> 3}`)
    const wire = wireOf(field.type)
    if ((tag & 7) !== wire) throw new Error(`${type}.${field.name} has wire type ${tag & 7}`)
    const list = (found[field.name] ??= [])
    if (wire === 0) list.push(varint())
    else if (wire === 1) {
      list.push(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true))
      at += 8
    } else {
      const size = Number(varint())
      if (at + size > bytes.length) throw new Error(`${type}.${field.name} is cut off`)
      const part = bytes.subarray(at, at + size)
      at += size
      list.push(
        field.type === 'string'
          ? new TextDecoder('utf-8', { fatal: true }).decode(part)
          : readMessage(part, field.type),
      )
    }
  }
  return found
}

function wireOf(type: string): number {
  if (NUMBERS.has(type) || (!schema.has(type) && WIRE_OF[type] === undefined)) return 0
  return WIRE_OF[type] ?? 2
}
