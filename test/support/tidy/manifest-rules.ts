// The rules about package.json and its lock file: what is installed is decided here, not by the
// day of the install.
import type { SourceFile, Violation } from './source-files.ts'

const EXACT = /^(npm:[@\w./-]+@)?\d+\.\d+\.\d+$/

/** Dependencies that are not pinned to one version, and a lock file that names a host. */
export function checkManifest(file: SourceFile): Violation[] {
  if (file.path === 'package-lock.json') return checkLock(file)
  return file.path === 'package.json' ? checkPins(file) : []
}

function checkPins(file: SourceFile): Violation[] {
  const manifest = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>
  const sections = ['dependencies', 'devDependencies', 'optionalDependencies']
  const pins = sections.flatMap((section) => Object.entries(manifest[section] ?? {}))
  return pins.flatMap(([name, version]) => {
    if (EXACT.test(version)) return []
    const line = file.lines.findIndex((text) => text.includes(`"${name}":`)) + 1
    const message = `${name} is "${version}", not one exact version`
    return [{ file: file.path, line, rule: 'pins', message }]
  })
}

function checkLock(file: SourceFile): Violation[] {
  const line = file.lines.findIndex((text) => text.includes('"resolved":')) + 1
  if (line === 0) return []
  const message = 'the lock file names a registry; see omit-lockfile-registry-resolved in .npmrc'
  return [{ file: file.path, line, rule: 'pins', message }]
}

/**
 * Dependencies that no file names: in an import, a style sheet, a configuration, or as a program
 * that a script runs. Types belong to the package that they are of.
 */
export function checkUnused(files: readonly SourceFile[]): Violation[] {
  const manifest = files.find((file) => file.path === 'package.json')
  if (manifest === undefined) return []
  const others = files.filter(({ path }) => !/^package(-lock)?\.json$|\.md$/.test(path))
  const isNamed = (name: string): boolean => {
    const quoted = new RegExp(`['"\`]${name.replaceAll(/[/.]/g, '\\$&')}(?:[/:][^'"\`]*)?['"\`]`)
    return others.some(({ text }) => quoted.test(text))
  }
  const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest.text) as Record<
    string,
    Record<string, string> | undefined
  >
  return Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
    const used = name.replace(/^@types\//, '')
    if (used === 'node' || isNamed(used)) return []
    const line = manifest.lines.findIndex((text) => text.includes(`"${name}":`)) + 1
    return [{ file: manifest.path, line, rule: 'unused', message: `no file uses ${name}` }]
  })
}
