/**
 * gang: strict co-scheduling. An Ousterhout matrix gives each VM a row with a column per vCPU; one
 * row runs at a time, and a column whose vCPU halts stays idle.
 */
import { setPin, setTimer } from '../model/actions.ts'
import type { Machine } from '../model/machine.ts'
import type { SimSpec } from '../model/spec.ts'
import { pcpuCount } from '../model/spec.ts'
import { holdVm } from './co-schedule.ts'
import { numberParameter, resolveParams } from './scheme.ts'
import type { Scheme, SchemeText } from './scheme.ts'

const info: SchemeText = {
  id: 'gang',
  title: 'Gang scheduling',
  summary: "All of a VM's vCPUs run at the same time, or none does.",
  fixes: 'Lock-holder preemption, stacking, and IPI waits within a VM.',
  breaks: 'Fragmentation: pCPUs of halted vCPUs idle; long waits between turns.',
  source: 'Ousterhout, Scheduling techniques for concurrent systems, ICDCS 1982',
  note: 'Strict: no alternate selection fills idle columns; turns are equal, weights ignored.',
  parameters: [numberParameter('sliceNs', 'Slice of a row', 24e6, 'ns', 'A', 'a CFS period')],
}

/** Rows of the matrix: VMs that run together, first fit. */
function packRows(spec: SimSpec): number[][] {
  const pcpus = pcpuCount(spec.topology)
  const rows: { vms: number[]; free: number }[] = []
  spec.vms.forEach((vm, index) => {
    const row = rows.find((r) => r.free >= vm.vcpus)
    if (row === undefined) rows.push({ vms: [index], free: pcpus - vm.vcpus })
    else {
      row.vms.push(index)
      row.free -= vm.vcpus
    }
  })
  return rows.map((r) => r.vms)
}

/** Pins the row's vCPUs to columns, in order; more vCPUs than pCPUs wrap around. */
function pinRow(m: Machine, row: readonly number[]): void {
  let column = 0
  for (const index of row) {
    const vm = m.vms[index]!
    for (let i = 0; i < vm.vcpus; i++) setPin(m, vm.firstV + i, column++ % m.pcpus)
  }
}

const wants = (m: Machine, row: readonly number[]): boolean =>
  row.some((index) => m.vms[index]!.started && !m.vms[index]!.finished)

/** Strict co-scheduling. */
export const gang: Scheme = Object.freeze({
  id: 'gang',
  info,
  create: (spec, given) => {
    const rows = packRows(spec)
    const sliceNs = Number(resolveParams(info, given).sliceNs)
    let active = 0
    const activate = (m: Machine, row: number): void => {
      active = row
      rows.forEach((vms, r) => {
        for (const index of vms) holdVm(m, index, r !== row)
      })
    }
    return {
      start: (m) => {
        for (const row of rows) pinRow(m, row)
        activate(m, 0)
        if (rows.length > 1) setTimer(m, 0, sliceNs)
      },
      timer: (m) => {
        let next = active
        for (let i = 1; i <= rows.length; i++) {
          const row = (active + i) % rows.length
          if (!wants(m, rows[row]!)) continue
          next = row
          break
        }
        if (next !== active) activate(m, next)
        setTimer(m, 0, sliceNs)
      },
    }
  },
})
