// Resizing a guest, with guest agents that do what real ones did on the bed: part of a list, late,
// or not at all.
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src-main/core/base/lab-error.ts'
import { DeadlineError } from '../../../src-main/agent/backend/deadline.ts'
import type { GuestChannel } from '../../../src-main/agent/backend/guest-channel.ts'
import { Guest } from '../../../src-main/agent/backend/guest.ts'

type Change = { 'logical-id': number; online: boolean }

/** A guest agent with four CPUs. `resize` does with a list what it will, and gives its answer. */
function guestAgent(resize: (changes: Change[], apply: (changes: Change[]) => void) => unknown) {
  const online = [true, true, true, true]
  const sent: Change[][] = []
  const apply = (changes: Change[]) => {
    for (const change of changes) online[change['logical-id']] = change.online
  }
  const channel: GuestChannel = {
    call: (command, args) => {
      if (command === 'guest-get-vcpus') {
        const cpus = online.map((isOn, id) => {
          return { 'logical-id': id, online: isOn, 'can-offline': id !== 0 }
        })
        return Promise.resolve(cpus.reverse())
      }
      const { vcpus } = args as { vcpus: Change[] }
      sent.push(vcpus)
      return Promise.resolve().then(() => resize(vcpus, apply))
    },
    close: () => undefined,
  }
  return { guest: new Guest(channel), sent, online }
}

/** Does the first of a list and says so, as the agent may. */
const oneAtATime = (changes: Change[], apply: (changes: Change[]) => void) => {
  apply(changes.slice(0, 1))
  return 1
}

describe('a resize', () => {
  it('goes on with the rest when the agent does a part of the list', async () => {
    const { guest, sent } = guestAgent(oneAtATime)
    expect((await guest.setOnline([0])).online).toEqual([0])
    expect(sent.map((changes) => changes.length)).toEqual([3, 2, 1])
  })

  it('gives CPUs before it takes any', async () => {
    const { guest, sent } = guestAgent(oneAtATime)
    await guest.setOnline([0, 1])
    sent.length = 0
    await guest.setOnline([0, 2])
    expect(sent[0]).toEqual([
      { 'logical-id': 2, online: true },
      { 'logical-id': 1, online: false },
    ])
  })

  it('asks nothing of the guest when it is as it should be', async () => {
    const { guest, sent } = guestAgent(oneAtATime)
    expect((await guest.setOnline([0, 1, 2, 3])).online).toEqual([0, 1, 2, 3])
    expect(sent).toEqual([])
  })

  it('that answers too late but was done counts as done', async () => {
    const { guest } = guestAgent((changes, apply) => {
      apply(changes)
      throw new DeadlineError('guest-set-vcpus', 100)
    })
    expect((await guest.setOnline([0, 1])).online).toEqual([0, 1])
  })

  it('that answers too late and was not done is the time-out', async () => {
    const { guest } = guestAgent(() => {
      throw new DeadlineError('guest-set-vcpus', 100)
    })
    await expect(guest.setOnline([0])).rejects.toBeInstanceOf(DeadlineError)
  })

  it('that the agent says is done, and is not, is an error that says what is online', async () => {
    const { guest } = guestAgent((changes) => changes.length)
    const message = 'guest-set-vcpus: CPUs 0 asked, 0-3 online'
    await expect(guest.setOnline([0])).rejects.toMatchObject({ code: 'unavailable', message })
  })

  it('that the agent does nothing of does not go on for ever', async () => {
    const { guest } = guestAgent(() => 0)
    await expect(guest.setOnline([0])).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('without CPU 0, or with one that is not there, is not sent', async () => {
    const { guest, sent } = guestAgent(oneAtATime)
    await expect(guest.setOnline([1, 2])).rejects.toMatchObject({ code: 'bad-input' })
    await expect(guest.setOnline([0, 4])).rejects.toMatchObject({ code: 'bad-input' })
    expect(sent).toEqual([])
  })

  it('that the agent refuses is refused', async () => {
    const { guest } = guestAgent(() => {
      throw new LabError('conflict', 'guest-set-vcpus: no')
    })
    await expect(guest.setOnline([0])).rejects.toMatchObject({ code: 'conflict' })
  })
})
