// What virsh prints, as libvirt 9.0 printed it on the bed.
import { expect, it } from 'vitest'
import { parseDomainList, parseDomainStats } from '../../../src-main/agent/backend/virsh.ts'

it('lists domains by UUID, whatever their names look like', () => {
  const text = `\
0f913ed9-031f-44ff-861b-25a12f8a3e0f lv it's $(x)-1
916987ff-06e4-4867-b81a-60f136fb34e1 -x $(id);"

garbage
`
  expect(parseDomainList(text)).toEqual([
    { uuid: '0f913ed9-031f-44ff-861b-25a12f8a3e0f', name: "lv it's $(x)-1" },
    { uuid: '916987ff-06e4-4867-b81a-60f136fb34e1', name: '-x $(id);"' },
  ])
})

it('reads the statistics of each domain by key', () => {
  const text = `\
Domain: 'it's'
  state.state=1
  vcpu.current=2
  balloon.maximum=524288

Domain: 'off'
  state.state=5
`
  const stats = parseDomainStats(text)
  expect(Object.fromEntries(stats.get("it's") ?? [])).toEqual({
    'state.state': '1',
    'vcpu.current': '2',
    'balloon.maximum': '524288',
  })
  expect(stats.get('off')?.get('state.state')).toBe('5')
})
