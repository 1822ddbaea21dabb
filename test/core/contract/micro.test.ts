// What the micro-benchmark prints is read whole or refused with the reason.
import { describe, expect, test } from 'vitest'
import { readMicroOutput } from '../../../src-main/core/contract/agent/micro.ts'

/** As printed by a build of `flexlab-micro.c`. */
const WAKE =
  '{"version":"flexlab-micro 1","mode":"wake","threads":2,"iterations":20000,"workNs":0,' +
  '"holdNs":1000,"pages":16,"loopsPerUs":1048.218,"loopsGiven":false,' +
  '"startedUs":1795510998300696,"elapsedNs":1162423622,"perIterationNs":58121.2,' +
  '"windowNs":[1162423622],"cpusSeen":[0,1],"cpusAtStart":2,"cpusAtEnd":2,"cpuNs":848068631,' +
  '"voluntarySwitches":39929,"involuntarySwitches":7,"baseNs":311.8,"singleNs":28748.8}'
const REFILL =
  '{"version":"flexlab-micro 1","mode":"refill","threads":2,"iterations":15,"workNs":0,' +
  '"holdNs":1000,"pages":16,"loopsPerUs":1048.218,"loopsGiven":false,' +
  '"startedUs":1795511001216568,"elapsedNs":338551612,"perIterationNs":22570107.5,' +
  '"windowNs":[338551612],"cpusSeen":[0],"cpusAtStart":2,"cpusAtEnd":2,"cpuNs":369754095,' +
  '"voluntarySwitches":146,"involuntarySwitches":139,"llcKib":65536,"curve":[' +
  '{"kib":16,"warmNs":102,"coldNs":827},{"kib":32,"warmNs":172,"coldNs":1423}]}'

describe('the micro-benchmark’s result', () => {
  test('is read with its figures', () => {
    const read = readMicroOutput(`${WAKE}\n`)
    expect(read).toMatchObject({ ok: true, value: { mode: 'wake', singleNs: 28748.8 } })
  })

  test('brings the refill curve where its mode has one', () => {
    const read = readMicroOutput(REFILL)
    expect(read.ok && read.value.curve).toHaveLength(2)
    expect(read.ok && read.value.singleNs).toBeUndefined()
  })

  test('is the last of several, whatever else was printed', () => {
    const read = readMicroOutput(`starting\n${REFILL}\n${WAKE}\nbye\n`)
    expect(read).toMatchObject({ ok: true, value: { mode: 'wake' } })
  })

  test('is refused where there is none', () => {
    expect(readMicroOutput('segmentation fault\n')).toMatchObject({ ok: false })
  })

  test('is refused where it was cut off', () => {
    const read = readMicroOutput(WAKE.slice(0, 200))
    expect(read).toEqual({ ok: false, error: 'the result of flexlab-micro is cut off' })
  })

  test('is refused with the field that is wrong', () => {
    const read = readMicroOutput(WAKE.replace('"threads":2', '"threads":-2'))
    expect(!read.ok && read.error).toMatch(/malformed: threads/)
  })
})
