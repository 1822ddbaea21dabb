/** demo: flexcore-2015 with one iteration, so that it runs within a minute. */

/** The file's text. */
export const DEMO = `
# Demo: FlexCore 2015 in short: one iteration of each application.
kind: campaign
version: 1
name: Demo
description: >-
  FlexCore 2015 in short: one iteration of each PARSEC application instead of three. Use the
  full campaign for figures to quote.
host:
  preset: intel-2x6-2014
axes:
  app:
    - blackscholes
    - bodytrack
    - canneal
    - dedup
    - facesim
    - ferret
    - fluidanimate
    - freqmine
    - raytrace
    - streamcluster
    - swaptions
    - vips
    - x264
  scheme: [cfs, gang, balance, vcpu-bal, flexcore]
  mix:
    - name: 2 × 12 vCPUs
      vms:
        - { name: left, vcpus: 12, workload: { app: $app } }
        - { name: right, vcpus: 12, workload: { app: $app } }
seeds:
  first: 1
  count: 12 # the least for a significant difference after correction over 52 comparisons
baseline: cfs
`
