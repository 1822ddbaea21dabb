/** ballooning-limits: where fewer vCPUs hurt: user-level spinning, and slow resizing. */

/** The file's text. */
export const BALLOONING_LIMITS = `
# Limits of ballooning: when a VM shrinks to fewer vCPUs than its program has threads, threads that
# spin at user level (here for longer than the work between two barriers) keep the vCPU from those
# they wait for: the guest kernel cannot know. And each resize costs, by three presets:
# a paper-style module (µs), confinement by cpuset (about 100 µs), stock hotplug (tens of ms).
kind: campaign
version: 1
name: Limits of ballooning
description: >-
  Barriers that block at once against barriers that spin for 10 ms, under FlexCore with three
  costs of a resize.
host:
  preset: intel-2x6-2014
axes:
  app: [barrier]
  scheme:
    - cfs
    - vcpu-bal
    - { id: flexcore, params: { resize: module } }
    - { id: flexcore, params: { resize: confinement } }
    - { id: flexcore, params: { resize: hotplug } }
  mix:
    - name: 2 × 12 vCPUs
      vms:
        - { name: left, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
        - { name: right, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
  vary:
    - name: spinning before blocking (ns)
      path: vms[*].workload.params.spinNs
      values: [0, 100000, 10000000]
seeds:
  count: 5
baseline: cfs
`
