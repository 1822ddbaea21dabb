/** The scenario of the Timeline's example: small enough to be recorded in seconds. */

/** A scenario file: barriers in one VM, a contended spin lock in the other, half the pCPUs each. */
export const EXAMPLE_TRACE = `
kind: scenario
version: 1
name: Example for the timeline
host: { sockets: 1, coresPerSocket: 4, threadsPerCore: 1 }
vms:
  - { name: barriers, vcpus: 4, workload: { app: streamcluster, params: { scale: 0.1 } } }
  - { name: spinners, vcpus: 4, workload: { app: spin, params: { scale: 0.2 } } }
`
