/** bed: the micro-benchmark, measured on the VMs of the test bed or of any host of two VMs. */

/** The file's text. */
export const BED = `
# Measured: the micro-benchmark on real VMs, two of two vCPUs each on two pCPUs.
# The names are those of \`npm run bed\`; others: flexlab host list, flexlab host vms <host>.
kind: campaign
version: 1
name: Micro-benchmark, measured
description: >-
  Two VMs of two vCPUs share two pCPUs, both busy with the same program, under what stock Linux
  can do; and each VM alone, without anybody to share with, as the control. Measured on a host.
measured:
  host: bed
  pcpus: [0, 1]
  warmUp: 1
  coolDownMs: 200
axes:
  app: [ring, tlb, barrier, ep, spin-barrier]
  scheme:
    - stock
    - pin
    - vcpu-bal
    - { id: flexcore, params: { resize: hotplug } }
    - { id: flexcore, params: { resize: confinement } }
  mix:
    - name: both
      vms:
        - { name: bed-1, vcpus: 2, iterations: 3, workload: { app: $app } }
        - { name: bed-2, vcpus: 2, iterations: 3, workload: { app: $app } }
    - name: bed-1 alone
      schemes: [stock]
      vms:
        - { name: bed-1, vcpus: 2, iterations: 3, workload: { app: $app } }
    - name: bed-2 alone
      schemes: [stock]
      vms:
        - { name: bed-2, vcpus: 2, iterations: 3, workload: { app: $app } }
# Two threads each, whatever the guest shows of its CPUs; works of some tenths of a second.
appParams:
  ring: { threads: 2, iterations: 2000 }
  tlb: { threads: 2, iterations: 300 }
  barrier: { threads: 2, iterations: 300, workNs: 200000 }
  ep: { threads: 2, iterations: 100, workNs: 1000000 }
  spin-barrier: { threads: 2, iterations: 10, workNs: 200000 }
seeds: { first: 1, count: 10 } # the least for verdicts over 20 comparisons
baseline: stock
`
