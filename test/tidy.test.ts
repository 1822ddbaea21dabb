// The house style as a test: layers, sizes, names, comments. A rule that only people hold decays;
// one that fails the build with a file and a line does not.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  checkDocs,
  checkForms,
  checkMachine,
  checkMarkers,
  checkOpening,
  checkPurity,
} from './support/tidy/code-rules.ts'
import { debtProblems, unexcused, type Debt } from './support/tidy/debt.ts'
import { checkLayers } from './support/tidy/layers.ts'
import { checkManifest, checkUnused } from './support/tidy/manifest-rules.ts'
import {
  checkColumns,
  checkFileSizes,
  checkFunctionSizes,
  checkNames,
  functionSizes,
} from './support/tidy/size-rules.ts'
import { readSourceFiles, sourceFile, type SourceFile } from './support/tidy/source-files.ts'

const FUNCTION_LINES_MEDIAN_MAX = 10

const files = readSourceFiles()
const debts = JSON.parse(readFileSync('test/tidy-debt.json', 'utf8')) as Debt[]

const rules = {
  'a layer imports only what lies below it': each(checkLayers),
  'the core uses no clock, no chance and no globals': each(checkPurity),
  'a function has at most 70 lines': each(checkFunctionSizes),
  'a file has at most 400 lines and the engine 600': checkFileSizes,
  'a line has at most 100 columns': each(checkColumns),
  'a file is named in kebab-case and a component in PascalCase': each(checkNames),
  'a source file opens with a comment': each(checkOpening),
  'an export has a doc comment': each(checkDocs),
  'private members, interfaces and child processes follow the style': each(checkForms),
  'no unfinished work is left in a comment': each(checkMarkers),
  'no file names a machine or a registry': each(checkMachine),
  'every dependency is pinned to one version': each(checkManifest),
  'every dependency is used': checkUnused,
}

function each<T>(check: (file: SourceFile) => T[]) {
  return (all: readonly SourceFile[]): T[] => all.flatMap(check)
}

describe('the source', () => {
  for (const [name, check] of Object.entries(rules)) {
    it(name, () => {
      const broken = unexcused(check(files), debts)
      if (broken.length > 0) expect.fail(`${name}:\n${broken.join('\n')}`)
    })
  }

  it('lists only debt that is dated, explained and still owed', () => {
    const violations = Object.values(rules).flatMap((check) => check(files))
    expect(debtProblems(violations, debts)).toEqual([])
  })

  it('keeps the median function at ten lines or fewer', () => {
    const sources = files.filter((file) => file.path.startsWith('src-'))
    const lines = sources.flatMap((file) => functionSizes(file).map((size) => size.lines))
    const median = lines.sort((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 0
    expect(median).toBeLessThanOrEqual(FUNCTION_LINES_MEDIAN_MAX)
  })
})

describe('each rule finds what it is for', () => {
  const header = '// Why.\n'
  const cases: [rule: string, path: string, text: string][] = [
    ['layers', 'src-main/core/sim/a.ts', `import '../model/b.ts'`],
    ['layers', 'src-main/core/base/a.ts', `import { readFile } from 'node:fs'`],
    ['layers', 'src-main/store/a.ts', `export * from '../report/b.ts'`],
    ['layers', 'src-main/lab/a.ts', `const { app } = await import('electron')`],
    ['layers', 'src-main/lab/a.ts', `import Database from 'better-sqlite3'`],
    ['layers', 'src-main/lab/a.ts', `import { spawn } from 'child_process'`],
    ['layers', 'src-main/hosts/cli/a.ts', `new URL('../../store/b.ts', import.meta.url)`],
    ['layers', 'src-renderer/views/A.svelte', `<script>import '../../src-main/lab/b.ts'</script>`],
    ['layers', 'src-main/other/a.ts', `import './b.ts'`],
    ['purity', 'src-main/core/stats/a.ts', `const now = Date.now()`],
    ['purity', 'src-main/core/stats/a.ts', `const chance = Math.random()`],
    ['size', 'src-main/lab/a.ts', `function f() {${'\n'.repeat(70)}}`],
    ['size', 'src-main/lab/a.ts', '\n'.repeat(400)],
    ['size', 'src-renderer/views/A.svelte', '\n'.repeat(401)],
    ['columns', 'src-renderer/views/A.svelte', 'x'.repeat(101)],
    ['names', 'src-main/lab/someThing.ts', ''],
    ['names', 'src-main/lab/utils.ts', ''],
    ['names', 'src-renderer/views/a-view.svelte', ''],
    ['docs', 'src-main/lab/a.ts', `export const a = 1`],
    ['forms', 'src-main/lab/a.ts', `interface IThing {}`],
    ['forms', 'src-main/lab/a.ts', `class A { private b = 1 }`],
    ['forms', 'src-main/remote/a.ts', `spawn('ls', { shell: true })`],
    ['markers', 'src-main/lab/a.ts', ['// TO', 'DO: later'].join('')],
    ['machine', 'README.md', ['see /ho', 'me/someone/file'].join('')],
    ['pins', 'package.json', `{"dependencies": {"a": "^1.0.0"}}`],
    ['pins', 'package-lock.json', `"resolved": "x"`],
    ['unused', 'package.json', `{"dependencies": {"a": "1.0.0"}}`],
  ]

  it.each(cases)('%s in %s: %s', (rule, path, text) => {
    const file = sourceFile(path, path.endsWith('json') ? text : header + text)
    const found = Object.values(rules).flatMap((check) => check([file]))
    expect(found.map((violation) => violation.rule)).toContain(rule)
  })

  it('opening, in a file without a first comment', () => {
    const file = sourceFile('src-main/lab/a.ts', 'const a = 1\n')
    expect(checkOpening(file)).toHaveLength(1)
  })

  it('nothing in a file that follows the style', () => {
    const text = `${header}import { b } from './b.ts'\n\n/** One more. */\nexport const a = b + 1\n`
    const file = sourceFile('src-main/core/base/a.ts', text)
    expect(Object.values(rules).flatMap((check) => check([file]))).toEqual([])
  })
})
