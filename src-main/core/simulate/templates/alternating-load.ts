/** alternating-load: two VMs that take turns, so that a dynamic number of vCPUs pays. */

/** The file's text. */
export const ALTERNATING_LOAD = `
# Alternating load: two VMs have bursts of parallel work and pauses of the same length; the second
# begins when the first pauses. A static split (vcpu-bal) leaves half of the cores idle all the
# time; a dynamic one (flexcore, vscale) gives them to whoever works, after its reaction time. With
# shorter bursts the reaction time takes more of the gain.
kind: campaign
version: 1
name: Alternating load
description: >-
  Two VMs whose bursts alternate, with bursts of three lengths: static against dynamic vCPU
  ballooning, and the stock scheduler.
host:
  preset: intel-2x6-2014
axes:
  scheme: [cfs, vcpu-bal, flexcore, vscale]
  mix:
    - name: bursts of 800 ms
      vms:
        - name: left
          vcpus: 12
          workload: { app: phases, params: { bursts: 3, burstNs: 800000000, idleNs: 800000000 } }
        - name: right
          vcpus: 12
          workload:
            app: phases
            params: { bursts: 3, burstNs: 800000000, idleNs: 800000000, offsetNs: 800000000 }
    - name: bursts of 400 ms
      vms:
        - { name: left, vcpus: 12, workload: { app: phases } }
        - { name: right, vcpus: 12, workload: { app: phases, params: { offsetNs: 400000000 } } }
    - name: bursts of 100 ms
      vms:
        - name: left
          vcpus: 12
          workload: { app: phases, params: { bursts: 16, burstNs: 100000000, idleNs: 100000000 } }
        - name: right
          vcpus: 12
          workload:
            app: phases
            params: { bursts: 16, burstNs: 100000000, idleNs: 100000000, offsetNs: 100000000 }
seeds:
  count: 10
baseline: vcpu-bal
`
