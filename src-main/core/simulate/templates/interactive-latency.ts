/** interactive-latency: what the schemes do to the tail of an interactive VM's latency. */

/** The file's text. */
export const INTERACTIVE_LATENCY = `
# Interactive latency: a VM of high weight answers short requests, beside a batch VM. Compared is
# the 99th percentile of its latency, not a run time. A scheme that makes VMs wait for their turn,
# whatever their weight, shows priority inversion here: gang by the slices of its matrix, credit by
# slices of 30 ms where it does not boost the VM that wakes. A VM with stopNs is not waited for:
# the run lasts until the interactive VM has served its requests.
kind: campaign
version: 1
name: Interactive latency
description: >-
  The p99 latency of an interactive VM of four times the weight, alone and beside a batch VM, under
  schemes that let a sleeper preempt and schemes that make it wait.
host:
  preset: intel-2x6-2014
measure: latency.p99Ns
axes:
  scheme: [cfs, eevdf, credit, gang, balance, vcpu-bal, flexcore]
  mix:
    - name: alone
      vms:
        - { name: interactive, vcpus: 12, weight: 4096, workload: { app: interactive } }
    - name: beside batch
      vms:
        - { name: interactive, vcpus: 12, weight: 4096, workload: { app: interactive } }
        - { name: batch, vcpus: 12, stopNs: 1000000000000, workload: { app: ep } }
    - name: beside a build
      vms:
        - { name: interactive, vcpus: 12, weight: 4096, workload: { app: interactive } }
        - { name: build, vcpus: 12, stopNs: 1000000000000, workload: { app: kernbench } }
seeds:
  count: 10
baseline: cfs
`
