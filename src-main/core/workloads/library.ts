/** library: the shipped workloads. Adding one touches its data file and one line here. */
import { assert } from '../base/assert.ts'
import { formatIssue } from '../base/result.ts'
import { lockVariants } from './lock-variants.ts'
import { readWorkload } from './read-workload.ts'
import type { WorkloadFile } from './workload-file.ts'
import barrier from './data/barrier.json' with { type: 'json' }
import blackscholes from './data/blackscholes.json' with { type: 'json' }
import bodytrack from './data/bodytrack.json' with { type: 'json' }
import canneal from './data/canneal.json' with { type: 'json' }
import dedup from './data/dedup.json' with { type: 'json' }
import ebizzy from './data/ebizzy.json' with { type: 'json' }
import ep from './data/ep.json' with { type: 'json' }
import facesim from './data/facesim.json' with { type: 'json' }
import ferret from './data/ferret.json' with { type: 'json' }
import fluidanimate from './data/fluidanimate.json' with { type: 'json' }
import freqmine from './data/freqmine.json' with { type: 'json' }
import hackbench from './data/hackbench.json' with { type: 'json' }
import hog from './data/hog.json' with { type: 'json' }
import interactive from './data/interactive.json' with { type: 'json' }
import kernbench from './data/kernbench.json' with { type: 'json' }
import microBarrier from './data/micro-barrier.json' with { type: 'json' }
import microEp from './data/micro-ep.json' with { type: 'json' }
import microMutex from './data/micro-mutex.json' with { type: 'json' }
import microRing from './data/micro-ring.json' with { type: 'json' }
import microSpin from './data/micro-spin.json' with { type: 'json' }
import microSpinBarrier from './data/micro-spin-barrier.json' with { type: 'json' }
import microTicket from './data/micro-ticket.json' with { type: 'json' }
import microTlb from './data/micro-tlb.json' with { type: 'json' }
import mutex from './data/mutex.json' with { type: 'json' }
import phases from './data/phases.json' with { type: 'json' }
import pipeline from './data/pipeline.json' with { type: 'json' }
import raytrace from './data/raytrace.json' with { type: 'json' }
import rcu from './data/rcu.json' with { type: 'json' }
import rwlock from './data/rwlock.json' with { type: 'json' }
import spin from './data/spin.json' with { type: 'json' }
import streamcluster from './data/streamcluster.json' with { type: 'json' }
import swaptions from './data/swaptions.json' with { type: 'json' }
import vips from './data/vips.json' with { type: 'json' }
import x264 from './data/x264.json' with { type: 'json' }

function shipped(input: unknown): readonly WorkloadFile[] {
  const file = readWorkload(input)
  assert(file.ok, file.ok ? '' : `shipped workload: ${file.error.map(formatIssue).join('; ')}`)
  return [file.value, ...lockVariants(file.value)].map((one) => Object.freeze(one))
}

/** All shipped workloads, in the order of the catalogue. */
export const WORKLOADS: readonly WorkloadFile[] = [
  blackscholes,
  bodytrack,
  canneal,
  dedup,
  facesim,
  ferret,
  fluidanimate,
  freqmine,
  raytrace,
  streamcluster,
  swaptions,
  vips,
  x264,
  ebizzy,
  kernbench,
  hackbench,
  interactive,
  barrier,
  spin,
  rwlock,
  rcu,
  mutex,
  pipeline,
  phases,
  ep,
  hog,
  microEp,
  microBarrier,
  microSpinBarrier,
  microSpin,
  microTicket,
  microMutex,
  microRing,
  microTlb,
].flatMap(shipped)

/** Ids of all shipped workloads. */
export const APP_IDS: readonly string[] = WORKLOADS.map((file) => file.id)

/** A shipped workload by id. */
export const findWorkload = (id: string): WorkloadFile | undefined =>
  WORKLOADS.find((file) => file.id === id)
