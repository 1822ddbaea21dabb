// The pool of simulation workers, with a scripted task instead of the simulator.
import { describe, expect, it, onTestFinished } from 'vitest'
import { WorkerPool } from '../../src-main/lab/runner/pool.ts'
import type { Task, TaskOutcome } from '../../src-main/lab/runner/task.ts'
import { simulationWorkerEntry } from '../../src-main/lab/runner/worker-entry.ts'
import { scripted, SCRIPTED_WORKER } from './support/scripted-campaign.ts'

function openPool(size: number, stopGraceMs?: number): WorkerPool {
  const more = stopGraceMs === undefined ? {} : { stopGraceMs }
  const pool = new WorkerPool({ size, entry: SCRIPTED_WORKER, ...more })
  onTestFinished(() => pool.close())
  return pool
}

const kinds = (outcomes: readonly TaskOutcome[]): string[] => outcomes.map(({ kind }) => kind)

const all = (tasks: readonly Task[]): Promise<TaskOutcome[]> =>
  Promise.all(tasks.map((task) => task.done))

describe('a pool of workers', () => {
  it('gives each task its own result', async () => {
    const pool = openPool(2)
    const outcomes = await all([1, 2, 3, 4, 5].map((seed) => pool.submit(scripted('ok', seed))))
    const times = outcomes.map((o) => (o.kind === 'finished' ? o.result.timeNs - 1e9 : 0))
    expect(times).toEqual([1, 2, 3, 4, 5])
  })

  it('shows the progress of a task while it computes', async () => {
    const pool = openPool(1)
    const task = pool.submit(scripted('work 5000'))
    await task.started
    await expect.poll(() => task.progress().events).toBe(1000)
    expect(task.progress().fraction).toBeGreaterThan(0)
    expect(task.startedAt()).toBeInstanceOf(Date)
    task.stop()
    expect(await task.done).toEqual({ kind: 'stopped' })
  })

  it('stops a running task through shared memory and keeps its worker', async () => {
    const pool = openPool(1, 60_000)
    const task = pool.submit(scripted('work 60000'))
    await task.started
    task.stop()
    expect(await task.done).toEqual({ kind: 'stopped' })
    expect(kinds(await all([pool.submit(scripted('ok'))]))).toEqual(['finished'])
  })

  it('ends a worker that does not hear the stop, and goes on with a new one', async () => {
    const pool = openPool(1)
    const deaf = pool.submit(scripted('deaf'))
    const next = pool.submit(scripted('ok'))
    await deaf.started
    deaf.stop()
    expect(kinds(await all([deaf, next]))).toEqual(['stopped', 'finished'])
  })

  it('stops a task that waits without starting it', async () => {
    const pool = openPool(1)
    const first = pool.submit(scripted('work 60000'))
    const waiting = pool.submit(scripted('ok'))
    waiting.stop()
    expect(await waiting.started).toBe(false)
    expect(await waiting.done).toEqual({ kind: 'stopped' })
    first.stop()
    await first.done
  })

  it('passes on the error of a task with its code and hint', async () => {
    const [outcome] = await all([openPool(1).submit(scripted('fail'))])
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'budget', hint: 'raise it' } })
  })

  it('calls an unforeseen error of a task internal and names it', async () => {
    const [outcome] = await all([openPool(1).submit(scripted('bug'))])
    const error = { code: 'internal', message: 'undefined is not a function' }
    expect(outcome).toMatchObject({ kind: 'failed', error })
  })

  it('fails the task of a worker that breaks, says how, and replaces the worker', async () => {
    const pool = openPool(1)
    const tasks = ['crash', 'ok', 'crash', 'ok'].map((script) => pool.submit(scripted(script)))
    const outcomes = await all(tasks)
    expect(kinds(outcomes)).toEqual(['failed', 'finished', 'failed', 'finished'])
    const message = 'the simulation worker broke: exit code 7'
    expect(outcomes[0]).toMatchObject({ error: { code: 'internal', message } })
  })

  it('ends a worker that overruns its wall budget, and says at which line it was', async () => {
    const options = { size: 1, entry: SCRIPTED_WORKER, overdueGraceMs: 200 }
    const pool = new WorkerPool(options)
    onTestFinished(() => pool.close())
    const endless = { ...scripted('endless'), budget: { ...scripted('ok').budget, wallMsMax: 300 } }
    const outcomes = await all([pool.submit(endless), pool.submit(scripted('ok'))])
    expect(kinds(outcomes)).toEqual(['failed', 'finished'])
    const message = /did not end within 300 ms .* it was busy at .*scripted\.worker\.ts:\d+$/
    expect(outcomes[0]).toMatchObject({ error: { code: 'budget' } })
    expect(outcomes[0]).toHaveProperty('error.message', expect.stringMatching(message))
  })

  it('ends an overdue worker as stopped when it was to be stopped anyway', async () => {
    const pool = new WorkerPool({ size: 1, entry: SCRIPTED_WORKER, overdueGraceMs: 0 })
    onTestFinished(() => pool.close())
    const deaf = { ...scripted('deaf'), budget: { ...scripted('ok').budget, wallMsMax: 400 } }
    const task = pool.submit(deaf)
    await task.started
    task.stop()
    expect(await task.done).toEqual({ kind: 'stopped' })
  })

  it('ends its tasks as stopped when it is closed', async () => {
    const pool = openPool(1)
    const tasks = ['deaf', 'ok'].map((script) => pool.submit(scripted(script)))
    await tasks[0]?.started
    await pool.close()
    expect(kinds(await all(tasks))).toEqual(['stopped', 'stopped'])
  })
})

describe('the worker’s entry', () => {
  it('is the source beside the sources', () => {
    expect(simulationWorkerEntry().pathname).toMatch(/runner\/simulation\.worker\.ts$/)
  })

  it('is the bundle beside the built main file', () => {
    const entry = simulationWorkerEntry('file:///opt/lab/dist/main/main.js')
    expect(entry.href).toBe('file:///opt/lab/dist/workers/simulation/simulation.js')
  })

  it('is unpacked where the app is packed into an archive', () => {
    const entry = simulationWorkerEntry('file:///opt/lab/resources/app.asar/dist/main/main.js')
    const folder = 'file:///opt/lab/resources/app.asar.unpacked/dist'
    expect(entry.href).toBe(`${folder}/workers/simulation/simulation.js`)
  })
})
