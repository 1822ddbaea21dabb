/** two-schemes: the smallest comparison that says something; the tour runs it. */

/** The file's text. */
export const TWO_SCHEMES = `
# Two schemes, side by side: stock KVM and FlexCore, on three programs that differ in how they
# synchronise.
kind: campaign
version: 1
name: Two schemes, side by side
description: >-
  Stock KVM and FlexCore on three PARSEC applications: streamcluster waits at barriers, dedup hands
  work along a pipeline and shoots down TLBs, swaptions only computes. Done in seconds.
host:
  preset: intel-2x6-2014
axes:
  app: [streamcluster, dedup, swaptions]
  scheme: [cfs, flexcore]
  mix:
    - name: 2 × 12 vCPUs
      vms:
        - { name: left, vcpus: 12, workload: { app: $app } }
        - { name: right, vcpus: 12, workload: { app: $app } }
seeds:
  first: 1
  count: 8 # the least for a significant difference after correction over 3 comparisons is 6
baseline: cfs
`
