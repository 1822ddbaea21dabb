/** lock-holder-preemption: what a preempted lock holder costs, with and without PLE. */

/** The file's text. */
export const LOCK_HOLDER_PREEMPTION = `
# Lock-holder preemption: a ticket spin lock, a futex mutex and no lock at all, beside a second
# VM that wants every pCPU too. A preempted holder lets spinning waiters burn their time; a FIFO
# lock also waits for a preempted next-in-line. Pause-loop exiting (PLE) makes spinners yield.
kind: campaign
version: 1
name: Lock-holder preemption
description: >-
  Spin lock, mutex and lock-free threads in an SMP VM on an overcommitted host, with pause-loop
  exiting on and off.
host:
  preset: intel-2x6-2014
axes:
  app: [spin, mutex, ep]
  scheme: [cfs, gang, balance, flexcore]
  mix:
    - name: beside 12 hogs
      vms:
        - { name: guest, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
        - { name: hogs, vcpus: 12, workload: { app: hog, params: { threads: 12 } } }
  vary:
    - name: PLE
      path: switches.ple
      values: [true, false]
seeds:
  count: 10 # what a verdict needs after correction over the comparisons
baseline: cfs
`
