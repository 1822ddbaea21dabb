// The test command's own promises: its last line can be trusted, and no suite is lost quietly.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verdict } from './counting-reporter.ts'
import { readSkippedSuites, requiresTool, SETUP_COMMAND, type Tool } from './requires.ts'

const MISSING = 'no-such-program' as Tool

describe('the last line', () => {
  it('counts what passed and failed, and names skipped tests only when there are some', () => {
    expect(verdict({ passed: 3, failed: 0, skipped: 0 }, 0)).toEqual({
      line: '3 passed, 0 failed',
      exitCode: 0,
    })
    expect(verdict({ passed: 3, failed: 1, skipped: 2 }, 1)).toEqual({
      line: '3 passed, 1 failed, 2 skipped',
      exitCode: 1,
    })
  })

  it('is a failure when no test ran', () => {
    expect(verdict({ passed: 0, failed: 0, skipped: 5 }, 0).exitCode).toBe(1)
  })

  it('is a failure when Vitest failed for a reason outside the tests', () => {
    expect(verdict({ passed: 9, failed: 0, skipped: 0 }, 1).line).toBe('9 passed, 1 failed')
  })
})

describe('a suite that needs a program', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'flexlab-requires-'))
    vi.stubEnv('FLEXLAB_TEST_SKIPPED', path.join(folder, 'skipped.jsonl'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  it('runs when the program is there', () => {
    vi.stubEnv('CI', 'true')
    expect(requiresTool()).toBe(true)
  })

  it('is skipped without the program, and listed once with the file and the reason', () => {
    vi.stubEnv('CI', '')
    expect(requiresTool(MISSING)).toBe(false)
    expect(requiresTool(MISSING)).toBe(false)
    const suites = readSkippedSuites(path.join(folder, 'skipped.jsonl'))
    expect(suites).toHaveLength(1)
    expect(suites[0]?.file).toBe('test/support/test-runner.test.ts')
    expect(suites[0]?.reason).toContain(MISSING)
  })

  it('fails without the program under CI, naming the command that installs it', () => {
    vi.stubEnv('CI', 'true')
    expect(() => requiresTool(MISSING)).toThrow(SETUP_COMMAND)
  })
})
