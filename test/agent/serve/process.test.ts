// The agent as the lab meets it: a process on the other end of two pipes.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { AGENT_MAGIC } from '../../../src-main/core/contract/agent/frame.ts'
import {
  AgentErrorSchema,
  HelloSchema,
  PROTOCOL_VERSION,
} from '../../../src-main/core/contract/agent/protocol.ts'
import { AgentProcess } from '../../support/agent-process.ts'

const started: AgentProcess[] = []

function startAgent(): AgentProcess {
  const agent = new AgentProcess()
  started.push(agent)
  return agent
}

afterEach(() => {
  for (const agent of started.splice(0)) agent.kill()
})

describe('the agent process', () => {
  it('says who it is after the magic line', async () => {
    const agent = startAgent()
    const hello = await agent.frame((frame) => frame.hello !== undefined)
    const main = readFileSync('src-main/agent/main.ts')
    expect(v.is(HelloSchema, hello)).toBe(true)
    expect(hello.hello).toMatchObject({
      protocol: PROTOCOL_VERSION,
      agentSha256: createHash('sha256').update(main).digest('hex'),
      pid: agent.child.pid,
      recovered: null,
    })
  })

  it('ends with code 0 when the lab closes its stream', async () => {
    const agent = startAgent()
    await agent.frame((frame) => frame.hello !== undefined)
    expect(await agent.end()).toBe(0)
    expect(agent.stderr).toBe('')
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('ends in order on %s', async (signal) => {
    const agent = startAgent()
    await agent.frame((frame) => frame.hello !== undefined)
    agent.kill(signal)
    expect(await agent.exited()).toBe(0)
  })

  it('ends in order when nobody reads it any more', async () => {
    const agent = startAgent()
    await agent.frame((frame) => frame.hello !== undefined)
    agent.child.stdout.destroy()
    for (let i = 0; i < 5; i++) agent.request('facts', { wrong: true })
    expect(await agent.exited()).toBe(0)
  })

  it('answers parameters that do not fit with the field that is wrong', async () => {
    const agent = startAgent()
    const id = agent.request('sample', { vms: ['-x'], periodMs: 1 })
    const { error } = await agent.frame((frame) => frame.id === id)
    expect(v.is(AgentErrorSchema, error)).toBe(true)
    expect(error?.code).toBe('bad-input')
    expect(error?.message).toContain('vms[0]: a VM name must not start with a dash')
    expect(error?.message).toContain('periodMs')
  })

  it('goes on after a frame that is none of the protocol', async () => {
    const agent = startAgent()
    for (const frame of [null, 7, 'x', {}, { id: 1 }, { id: 1, method: 'rm', params: {} }]) {
      agent.send(frame)
    }
    agent.send({ beat: 1 })
    const id = agent.request('journal', { limit: -1 })
    await agent.frame((frame) => frame.id === id)
    const refused = agent.frames.filter((frame) => frame.id === null)
    expect(refused.map(({ error }) => error?.code)).toEqual(Array(6).fill('bad-input'))
  })

  it('ends in order, and says why, when the stream is no stream of frames', async () => {
    const agent = startAgent()
    agent.sendBytes(Buffer.from(`GET / HTTP/1.1\r\n\r\n${AGENT_MAGIC}`))
    const { error } = await agent.frame((frame) => frame.error !== undefined)
    expect(error?.message).toMatch(/frame of \d+ bytes is over/)
    expect(await agent.exited()).toBe(0)
  })
})
