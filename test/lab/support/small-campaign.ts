// A campaign of the real simulator that is over in a moment: two programs on a host of two cores.

/** The campaign file; `count` repetitions of four cells. */
export const smallCampaign = (count: number, name = 'small'): string => `
kind: campaign
version: 1
name: ${JSON.stringify(name)}
host: { sockets: 1, coresPerSocket: 2, threadsPerCore: 1 }
axes:
  app: [barrier, ep]
  scheme: [cfs, gang]
  mix:
    - name: two VMs
      vms:
        - { vcpus: 2, workload: { app: $app } }
        - { vcpus: 2, workload: { app: ep } }
seeds: { count: ${count} }
baseline: cfs
`

/** A scenario of the same kind. */
export const SMALL_SCENARIO = `
kind: scenario
version: 1
name: small
host: { sockets: 1, coresPerSocket: 2, threadsPerCore: 1 }
vms:
  - { vcpus: 2, workload: { app: barrier } }
  - { vcpus: 2, workload: { app: ep } }
`
