// Hosts in tests go through the same door as everybody's.
import * as v from 'valibot'
import { HostTargetSchema, type HostTarget } from '../../../src-main/core/contract/agent/names.ts'

/** @throws ValiError for what is not a host */
export function parseHost(text: string): HostTarget {
  return v.parse(HostTargetSchema, text)
}
