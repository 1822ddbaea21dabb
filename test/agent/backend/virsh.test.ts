// What virsh prints, as libvirt 9.0 printed it on the bed.
import { expect, it } from 'vitest'
import { parseDomainList, parseDomainStats } from '../../../src-main/agent/backend/virsh.ts'

it('lists domains by UUID, whatever their names look like', () => {
  const text = `\
 5a6e4bd2-9f05-4b1c-9a58-0c1cf2a2a001   vm one
 5a6e4bd2-9f05-4b1c-9a58-0c1cf2a2a002   -x $(id);'"

garbage
`
  expect(parseDomainList(text)).toEqual([
    { uuid: '5a6e4bd2-9f05-4b1c-9a58-0c1cf2a2a001', name: 'vm one' },
    { uuid: '5a6e4bd2-9f05-4b1c-9a58-0c1cf2a2a002', name: `-x $(id);'"` },
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
