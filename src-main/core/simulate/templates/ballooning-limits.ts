/** ballooning-limits: where fewer vCPUs hurt: user-level spinning, and slow resizing. */

/** The file's text. */
export const BALLOONING_LIMITS = `
# Limits of ballooning: when a VM shrinks to fewer vCPUs than its program has threads, threads that
# spin at user level (here for longer than the work between two barriers) keep the vCPU from those
# they wait for: the guest kernel cannot know. And each resize costs, by three presets:
# a paper-style module (µs), confinement by cpuset (about 100 µs), stock hotplug (tens of ms).
# Two steady VMs are resized once; beside a VM that comes and goes it happens all the time.
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
    - name: beside a VM that comes and goes
      vms:
        - { name: left, vcpus: 12, workload: { app: $app, params: { scale: 0.5 } } }
        - name: right
          vcpus: 12
          workload:
            app: bursts
            definition: # a workload of one's own: busy for 300 ms, then idle for 300 ms
              kind: workload
              version: 1
              id: bursts
              title: Bursts
              suite: user
              summary: Every thread works for a while, then sleeps.
              params:
                burstNs: { value: 300000000, unit: ns, mark: A, source: free, label: Burst }
                pauseNs: { value: 300000000, unit: ns, mark: A, source: free, label: Pause }
              roles:
                - name: worker
                  count: vcpus
                  program:
                    - { op: compute, ns: burstNs }
                    - { op: sleep, ns: pauseNs }
              memory:
                privateKib: 64
                sharedKib: 0
                missPenalty: 0
                remotePenalty: 0
                sharedFraction: 0
  vary:
    - name: left spins (ns)
      path: vms[0].workload.params.spinNs
      values: [0, 100000, 10000000]
seeds:
  count: 10 # what a verdict needs after correction over the comparisons
baseline: cfs
`
