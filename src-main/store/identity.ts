/** Identities in the library: random ids that sort by time, and hashes of canonical content. */
import { createHash, randomBytes } from 'node:crypto'
import { canonicalJson } from '../core/base/canonical-json.ts'
import { runContentJson } from '../core/contract/run-content.ts'
import type { RunResult } from '../core/contract/result.ts'
import type { Scenario } from '../core/contract/scenario.ts'

/** SHA-256 of a text's UTF-8 bytes, 64 hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** SHA-256 of a value's canonical JSON. */
export const contentId = (value: unknown): string => sha256(canonicalJson(value))

/** The content hash of a run: equal for the same scenario and result on any machine. */
export const runContentHash = (scenario: Scenario, result: RunResult): string =>
  sha256(runContentJson(scenario, result))

/** A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix time in ms, 74 random bits. */
export function uuidV7(nowMs = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(nowMs, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, i) => hex.slice(cuts[i], end))
    .join('-')
}

/** Now, ISO 8601 UTC with milliseconds. */
export const nowIso = (): string => new Date().toISOString()
