/** all-schemes: every scheme beside every PARSEC application, in a minute on two cores. */

/** The file's text. */
export const ALL_SCHEMES = `
# All schemes: 18 ways to schedule two VMs of 12 vCPUs on 12 pCPUs, 13 PARSEC applications.
kind: campaign
version: 1
name: All schemes
description: >-
  Both VMs run the same PARSEC application, three times, at a length at which each run lasts more
  than a second of simulated time. Five seeds show sizes of effects; for verdicts give the schemes
  of interest more: campaign run all-schemes --schemes cfs,flexcore --seeds 12.
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
  scheme:
    - cfs
    - eevdf
    - credit
    - credit2
    - gang
    - esx-strict
    - esx-relaxed
    - hybrid
    - asman
    - task-aware
    - balance
    - demand
    - delay
    - flex
    - vcpu-bal
    - flexcore
    - vscale
    - preferred-cpus
  mix:
    - name: 2 × 12 vCPUs
      vms:
        - { name: left, vcpus: 12, iterations: 3, workload: { app: $app } }
        - { name: right, vcpus: 12, iterations: 3, workload: { app: $app } }
appParams: # three iterations last a second at least; one of blackscholes is short
  blackscholes: { scale: 2.5 }
  bodytrack: { scale: 0.4 }
  canneal: { scale: 0.3 }
  dedup: { scale: 0.16 }
  facesim: { scale: 0.16 }
  ferret: { scale: 0.22 }
  fluidanimate: { scale: 0.36 }
  freqmine: { scale: 0.18 }
  raytrace: { scale: 0.3 }
  streamcluster: { scale: 0.11 }
  swaptions: { scale: 0.4 }
  vips: { scale: 0.19 }
  x264: { scale: 0.16 }
seeds:
  first: 1
  count: 5
baseline: cfs
`
