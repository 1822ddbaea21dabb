/** The shape of a health check, and the three ways in which one ends. */
import type * as v from 'valibot'
import type { contract } from '../../core/contract/handlers.ts'

type Checks = NonNullable<(typeof contract.system.doctor)['~orpc']['outputSchema']>

/** One health check: what was looked at, how it is, and what to do about it. */
export type Check = v.InferOutput<Checks & v.GenericSchema>[number]

/** Works. */
export const passed = (name: string, detail: string): Check => {
  return { name, status: 'ok', detail, fix: '' }
}

/** Works with less. */
export const warned = (name: string, detail: string, fix: string): Check => {
  return { name, status: 'warning', detail, fix }
}

/** Does not work. */
export const failed = (name: string, detail: string, fix: string): Check => {
  return { name, status: 'failed', detail, fix }
}
