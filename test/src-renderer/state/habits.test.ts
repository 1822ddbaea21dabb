// What the shell's habits rest on: one undo stack, guards against loss, kinds of files, palette.
import { expect, test } from 'vitest'
import { Actions } from '../../../src-renderer/state/actions.svelte.ts'
import { kindOfFile } from '../../../src-renderer/state/file-kind.ts'
import { fuzzyScore } from '../../../src-renderer/state/fuzzy.ts'
import { Guards } from '../../../src-renderer/state/guards.svelte.ts'
import { Router } from '../../../src-renderer/state/router.svelte.ts'
import type { RouterWindow } from '../../../src-renderer/state/router.svelte.ts'
import { UndoStack } from '../../../src-renderer/state/undo-stack.svelte.ts'

function steps() {
  const seen: string[] = []
  const step = (text: string) => ({
    text,
    undo: async () => void seen.push(`undo ${text}`),
    redo: async () => void seen.push(`redo ${text}`),
  })
  return { seen, step }
}

test('undo takes back the newest first, redo does it again, a new step ends redo', async () => {
  const { seen, step } = steps()
  const stack = new UndoStack()
  stack.did(step('a'))
  stack.did(step('b'))
  await stack.undo()
  await stack.redo()
  await stack.undo()
  await stack.undo()
  expect(await stack.undo()).toBeNull()
  expect(seen).toEqual(['undo b', 'redo b', 'undo b', 'undo a'])
  stack.did(step('c'))
  expect(await stack.redo()).toBeNull()
  expect(stack.next?.text).toBe('c')
})

test('a named step is taken back once, whatever came after it', async () => {
  const { seen, step } = steps()
  const stack = new UndoStack()
  const a = step('a')
  stack.did(a)
  stack.did(step('b'))
  await stack.undo(a)
  expect(await stack.undo(a)).toBeNull()
  expect(seen).toEqual(['undo a'])
  expect(stack.next?.text).toBe('b')
})

test('a step whose undo fails is given up', async () => {
  const stack = new UndoStack()
  stack.did({ text: 'a', undo: () => Promise.reject(new Error('gone')), redo: null })
  await expect(stack.undo()).rejects.toThrow('gone')
  expect(stack.next).toBeNull()
})

test('a later offer of a menu command wins until it is taken back', () => {
  const actions = new Actions()
  const seen: string[] = []
  actions.offer({ 'run.start': () => seen.push('first') })
  const end = actions.offer({ 'run.start': () => seen.push('second') })
  actions.run('run.start')
  end()
  actions.run('run.start')
  expect(seen).toEqual(['second', 'first'])
  expect([actions.can('run.start'), actions.can('run.pause')]).toEqual([true, false])
  expect(actions.run('run.pause')).toBe(false)
})

function routed(hash: string) {
  const listeners: (() => void)[] = []
  const host = {
    location: { hash },
    history: {
      pushState: (_s: unknown, _t: string, to: string) => (host.location.hash = to),
      replaceState: (_s: unknown, _t: string, to: string) => (host.location.hash = to),
    },
    addEventListener: (_type: string, listener: () => void) => listeners.push(listener),
  }
  const guards = new Guards()
  const router = new Router(host as unknown as RouterWindow, guards)
  const follow = (to: string) => {
    host.location.hash = to
    listeners.forEach((listener) => listener())
  }
  return { host, guards, router, follow }
}

test('a screen with something to lose is left only after the question', () => {
  const { host, guards, router, follow } = routed('#/run/1')
  let isDirty = true
  guards.hold({ what: 'The note', isDirty: () => isDirty, lostWith: 'screen' })
  follow('#/library')
  router.go('hosts')
  expect([router.route.screen, host.location.hash]).toEqual(['run', '#/run/1'])
  follow('#/library?q=x')
  guards.asking?.go()
  expect([router.route.screen, host.location.hash]).toEqual(['library', '#/library?q=x'])
  isDirty = false
  follow('#/run/2')
  expect(router.route.id).toBe('2')
})

test('what is lost only with the page asks nothing between screens', () => {
  const { guards, router } = routed('#/campaign')
  guards.hold({ what: 'The draft', isDirty: () => true, lostWith: 'page' })
  router.go('library')
  expect(router.route.screen).toBe('library')
  expect(guards.isDirty).toBe(true)
})

const bytes = (text: string) => Uint8Array.from(text.slice(0, 64), (c) => c.charCodeAt(0))
const kind = (name: string, text: string) => kindOfFile(name, bytes(text), text)

test.each([
  ['a.yaml', 'kind: campaign\nversion: 1', 'campaign'],
  ['a.yml', '# mine\nname: x\nkind: "campaign"\n', 'campaign'],
  ['a.json', '{\n  "kind": "campaign"\n}', 'campaign'],
  ['a.json', '{"kind":"workload"}', 'workload'],
  ['a.yaml', 'kind: scenario\nvms:\n  - definition:\n      kind: workload', 'scenario'],
  ['a.yaml', 'name: x\nvms:\n  - definition:\n      kind: workload', 'unknown'],
  ['lottery.ts', 'export default {}', 'scheme'],
  ['x.bin', 'SQLite format 3\0', 'library'],
  ['x.flexlab', 'PK\u0003\u0004', 'archive'],
  ['x.zip', 'PK\u0003\u0004', 'unknown'],
  ['t.json', '{"traceEvents":[]}', 'trace'],
  ['a.txt', 'kind: campaign', 'unknown'],
])('%s holding %j is: %s', (name, text, expected) => {
  expect(kind(name, text)).toBe(expected)
})

test('the palette finds letters in their order and prefers beginnings', () => {
  const best = (typed: string, titles: string[]) =>
    titles
      .map((title) => ({ title, score: fuzzyScore(typed, title) }))
      .filter(({ score }) => score !== null)
      .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
      .map(({ title }) => title)
  expect(best('comp', ['Complete', 'Compare', 'Hosts'])).toEqual(['Compare', 'Complete'])
  expect(best('flx evl', ['FlexCore 2015 evaluation', 'Full test'])).toEqual([
    'FlexCore 2015 evaluation',
  ])
  expect(best('demo temp', ['Demo New from template'])).toHaveLength(1)
  expect(best('lib', ['Calibration', 'Library'])[0]).toBe('Library')
  expect(fuzzyScore('xyz', 'Library')).toBeNull()
})
