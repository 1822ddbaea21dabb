/** lock-kinds: which kernel locks collapse when vCPUs are preempted, and which do not. */

/** The file's text. */
export const LOCK_KINDS = `
# Kinds of spin locks: the same work under test-and-set, ticket, MCS and paravirtual locks, alone
# and beside a second VM that wants every pCPU too. FIFO locks wait for a preempted next-in-line.
# Pause-loop exiting is off, so that the locks show what they do themselves.
kind: campaign
version: 1
name: Kinds of spin locks
description: >-
  Five kinds of guest kernel locks with and without vCPUs that are preempted: FIFO locks collapse,
  unfair and paravirtual ones do not.
host:
  preset: intel-2x6-2014
switches:
  ple: false
axes:
  app: [spin, spin-mcs, spin-tas, spin-pv-ticket, spin-pv-qspinlock]
  scheme: [cfs, gang, flexcore]
  mix:
    - name: alone
      vms:
        - { name: guest, vcpus: 12, workload: { app: $app, params: { scale: 0.2 } } }
    - name: beside 12 hogs
      vms:
        - { name: guest, vcpus: 12, workload: { app: $app, params: { scale: 0.2 } } }
        - { name: hogs, vcpus: 12, workload: { app: hog, params: { threads: 12 } } }
seeds:
  count: 10 # what a verdict needs after correction over the comparisons
baseline: cfs
`
