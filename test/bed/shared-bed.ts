// One bed for all bed tests of a run: they are run one after the other (vitest.config.ts), each
// file in a process of its own, so the bed is started by the process that starts them.
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { BED_TOOLS, requiresTool } from '../support/requires.ts'
import { startBed, type Bed } from './bed.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** JSON of the shared bed; empty where its programs are missing. */
    bed: string
  }
}

/** The parts of a bed that can be handed to another process. */
export type SharedBed = Omit<Bed, 'stop'>

/** Vitest calls this once before the first bed test; what it returns, after the last one. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | void> {
  if (!requiresTool(...BED_TOOLS)) {
    project.provide('bed', '')
    return
  }
  const bed = await startBed({ guests: 2, vcpus: 2, ssh: true })
  project.provide('bed', JSON.stringify(bed))
  return () => bed.stop()
}

/**
 * The bed of this run: two guests of two vCPUs, and an SSH server. A test puts back what it
 * changes. For suites under `describe.runIf(requiresTool(...BED_TOOLS))`.
 */
export function sharedBed(): SharedBed {
  return JSON.parse(inject('bed')) as SharedBed
}
