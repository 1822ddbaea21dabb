/** How the guest agent of a VM is reached: over its own socket, or through libvirt. */
import * as v from 'valibot'
import { LabError } from '../../core/base/lab-error.ts'

/** Speaks to one guest agent, one call at a time; calls queue. */
export type GuestChannel = {
  /**
   * What a command returns, unchecked. @throws DeadlineError after `deadlineMs` (the guest may
   * still do it); LabError `unavailable` when there is no agent, `conflict` when it refuses
   */
  call(command: string, args: object, deadlineMs: number): Promise<unknown>
  close(): void
}

const ReplySchema = v.union([
  v.object({ return: v.unknown() }),
  v.object({ error: v.object({ class: v.optional(v.string(), ''), desc: v.string() }) }),
])

/** The value of an answer of QEMU's monitor or guest agent. @throws LabError `conflict` */
export function replyValue(command: string, text: string): unknown {
  const reply = v.safeParse(ReplySchema, parseJson(text))
  if (!reply.success) throw new LabError('unavailable', `${command}: the answer is not of QEMU's`)
  if ('return' in reply.output) return reply.output.return
  throw new LabError('conflict', `${command}: ${reply.output.error.desc.slice(0, 1000)}`)
}

/** A value of JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A value by its schema. @throws LabError `unavailable`: whoever sent it is not what we think */
export function parseAnswer<T extends v.GenericSchema>(
  command: string,
  schema: T,
  value: unknown,
): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw new LabError('unavailable', `${command}: unexpected answer: ${issue.message}`)
}
