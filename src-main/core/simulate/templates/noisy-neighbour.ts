/** noisy-neighbour: one busy thread in another VM, and what it does to an SMP guest. */

/** The file's text. */
export const NOISY_NEIGHBOUR = `
# Noisy neighbour: a VM of 12 vCPUs that has the host nearly to itself, beside a VM with one busy
# thread. A twelfth of the host is taken, but a barrier waits for the one vCPU that was preempted.
# The neighbour's weight is varied: 1024 is an equal, 256 a quarter of it.
kind: campaign
version: 1
name: Noisy neighbour
description: >-
  One CPU hog beside an SMP guest: how much more than its share of the host does it take from
  programs with barriers, mutexes and neither?
host:
  preset: intel-2x6-2014
axes:
  app: [ep, mutex, barrier, streamcluster]
  scheme: [cfs, gang, balance, flexcore]
  mix:
    - name: 12 vCPUs beside 1
      vms:
        - { name: guest, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
        - { name: neighbour, vcpus: 1, workload: { app: hog } }
  vary:
    - name: neighbour weight
      path: vms[1].weight
      values: [256, 1024]
seeds:
  count: 10 # what a verdict needs after correction over the comparisons
baseline: cfs
`
