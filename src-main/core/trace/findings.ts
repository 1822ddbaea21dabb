/** Findings: the answers to the questions that are asked of every trace. */
import type { TraceFindings } from '../contract/trace.ts'
import { barrierSpans } from './barrier-spans.ts'
import { lockHolderPreemptions } from './lock-holders.ts'
import { preemptions } from './preemptions.ts'
import { runDelays } from './run-delays.ts'
import type { Trace } from './trace.ts'

/** All queries over a trace; `top`: how many entries its lists have at most. */
export const findingsOf = (trace: Trace, top: number): TraceFindings => ({
  fromNs: trace.window.fromNs,
  toNs: trace.window.toNs,
  truncatedAtNs: trace.header.truncatedAtNs,
  preemptions: preemptions(trace, top),
  lockHolders: lockHolderPreemptions(trace, top),
  barriers: barrierSpans(trace, top),
  runDelays: runDelays(trace),
})
