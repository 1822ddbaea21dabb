/** overcommit-sweep: how much more vCPUs than pCPUs a parallel program bears. */

/** The file's text. */
export const OVERCOMMIT_SWEEP = `
# Overcommit: one VM of 12 vCPUs, then two, then three on 12 pCPUs. blackscholes never waits for
# its threads and should only share; streamcluster meets at a barrier every few tens of µs.
kind: campaign
version: 1
name: Overcommit sweep
description: >-
  A coarse and a barrier-bound PARSEC application at overcommit 1, 2 and 3: where scheduling
  twice starts to cost.
host:
  preset: intel-2x6-2014
axes:
  app: [blackscholes, streamcluster]
  scheme: [cfs, gang, balance, flexcore]
  mix:
    - name: VMs of 12 vCPUs
      vms:
        - { name: vm, vcpus: 12, workload: { app: $app, params: { scale: 0.25 } } }
  overcommit: [1, 2, 3]
seeds:
  count: 10 # what a verdict needs after correction over the comparisons
baseline: cfs
`
