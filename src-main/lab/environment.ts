/** The machine that runs are made on: kept with each run, shown on every report. */
import { versions } from 'node:process'
import * as os from 'node:os'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Machine } from '../store/index.ts'

/** This machine as it is now. */
export function describeMachine(): Machine {
  const cpus = os.cpus()
  return {
    runtime: runtimeText(),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cpuCount: cpus.length,
    memoryBytes: os.totalmem(),
  }
}

/** `Node.js 24.21.0, V8 13.6`, or Electron's. */
export function runtimeText(): string {
  const electron = versions['electron']
  const host = electron === undefined ? '' : `Electron ${electron}, `
  return `${host}Node.js ${versions.node}, V8 ${versions.v8}`
}

/**
 * The commit that the sources are of, or null: in a packed app, or where there is no git. Read from
 * git's own files, since nothing but `remote` starts programs.
 */
export function sourceCommit(root: string = projectRoot()): string | null {
  try {
    const git = gitFolder(root)
    const head = readFileSync(path.join(git, 'HEAD'), 'utf8').trim()
    if (!head.startsWith('ref: ')) return commitOf(head)
    const name = head.slice('ref: '.length)
    const shared = path.resolve(git, readLoose(git, 'commondir') ?? '.')
    return commitOf(readLoose(shared, name) ?? readPacked(shared, name))
  } catch {
    // No repository here, which a packed app and an unpacked source archive are entitled to.
    return null
  }
}

/** The project's folder, seen from the sources. */
const projectRoot = (): string => path.resolve(import.meta.dirname, '..', '..')

/** In a worktree `.git` is a file that names the folder, whose `commondir` has the branches. */
function gitFolder(root: string): string {
  const git = path.join(root, '.git')
  if (statSync(git).isDirectory()) return git
  const [, folder] = /^gitdir: (.*)/.exec(readFileSync(git, 'utf8')) ?? []
  return path.resolve(root, folder ?? '')
}

function readLoose(git: string, name: string): string | null {
  try {
    return readFileSync(path.join(git, ...name.split('/')), 'utf8').trim()
  } catch {
    return null
  }
}

function readPacked(git: string, name: string): string | null {
  const lines = readFileSync(path.join(git, 'packed-refs'), 'utf8').split('\n')
  return lines.find((line) => line.endsWith(` ${name}`))?.split(' ')[0] ?? null
}

const commitOf = (text: string | null): string | null =>
  text !== null && /^[0-9a-f]{40,64}$/.test(text) ? text : null
