// Programs of a guest that answers late: no word about an end may get lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DeadlineError } from '../../../src-main/agent/backend/deadline.ts'
import { Guest } from '../../../src-main/agent/backend/guest.ts'
import { runInGuest } from '../../../src-main/agent/backend/guest-exec.ts'

/** A guest agent that needs `answersMs` for its first word about a program, which it says once. */
function starvedGuest(answersMs: number): Guest {
  let told = false
  return new Guest({
    async call(command, _args, deadlineMs) {
      if (command === 'guest-exec') return { pid: 7 }
      if (told) throw new Error('the pid is unknown')
      told = true
      await sleep(Math.min(answersMs, deadlineMs) / 1000)
      if (answersMs > deadlineMs) throw new DeadlineError(command, deadlineMs)
      return { exited: true, exitcode: 0 }
    },
    close() {},
  })
}

it('waits for a starved guest’s word about a program as long as the program may take', async () => {
  const exit = await runInGuest(starvedGuest(9000), { argv: ['/bin/true'] }, 10_000)
  expect(exit.code).toBe(0)
})

it('gives up on a guest that says nothing when the program’s time is over', async () => {
  const run = runInGuest(starvedGuest(20_000), { argv: ['/bin/true'] }, 10_000)
  await expect(run).rejects.toThrow(DeadlineError)
})
