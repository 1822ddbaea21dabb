// Which program opens the browser, and what stands on its command line.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { browserCommand, hasDisplay } from '../../../src-main/hosts/web/open-browser.ts'
import { openSession, startServer } from './support/served.ts'

const URL_TEXT = 'http://127.0.0.1:1/#token=x'

let folder: string
let program: string

// A real program that writes down what it was called with stands where the desktop's would.
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'flexlab-open-'))
  program = path.join(folder, 'xdg-open')
  const script = [
    '#!/bin/sh',
    `printf '%s' "$@" > "${folder}/called.tmp"`,
    `mv "${folder}/called.tmp" "${folder}/called"`,
  ]
  await writeFile(program, script.join('\n'))
  await chmod(program, 0o755)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

test('there is a display on a desktop system, and on a Unix with X11 or Wayland', () => {
  expect(hasDisplay({ platform: 'darwin', env: {} })).toBe(true)
  expect(hasDisplay({ platform: 'win32', env: {} })).toBe(true)
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' } })).toBe(false)
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true)
  expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true)
})

test('the browser is opened by the desktop, only where there is a display and a program', () => {
  const env = { PATH: `/nowhere:${folder}`, DISPLAY: ':0' }
  expect(browserCommand(URL_TEXT, { platform: 'linux', env })).toEqual({
    program,
    args: [URL_TEXT],
  })
  const noDisplay = { PATH: folder }
  expect(browserCommand(URL_TEXT, { platform: 'linux', env: noDisplay })).toBeNull()
  const noProgram = { PATH: '/nowhere', DISPLAY: ':0' }
  expect(browserCommand(URL_TEXT, { platform: 'linux', env: noProgram })).toBeNull()
})

test('the browser gets a link for one use instead of the token', async () => {
  vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`)
  vi.stubEnv('DISPLAY', ':0')
  const server = await startServer({ open: true })
  expect(server.opened).toBe(true)
  const called = path.join(folder, 'called')
  await vi.waitFor(() => readFile(called), { timeout: 10_000 })
  const url = new URL((await readFile(called, 'utf8')).trim())
  const ticket = new URLSearchParams(url.hash.slice(1)).get('token') ?? ''
  expect(url.origin).toBe(server.origin)
  expect(ticket).not.toBe(server.token)
  await openSession(server, ticket)
  await expect(openSession(server, ticket)).rejects.toThrow('401')
  expect(server.warnings).toHaveLength(1)
  await server.stop()
})

test('no browser is started unless asked for, and none without a display', async () => {
  vi.stubEnv('DISPLAY', '')
  vi.stubEnv('WAYLAND_DISPLAY', '')
  const server = await startServer({ open: true })
  expect(server.opened).toBe(false)
  await server.stop()
})
