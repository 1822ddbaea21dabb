// Reads the project's own files once and parses those with TypeScript in them, so that every tidy
// rule works on the same list and a broken rule can name a file and a line.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** A file of the project. `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** The parsed TypeScript or JavaScript: the whole file, or the scripts of a component. */
  readonly tree: ts.SourceFile | undefined
}

/** A broken rule at a place; `line` counts from 1. */
export interface Violation {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** The extensions of files that people write by hand and that the style applies to. */
export const CODE = /\.(ts|js|mjs|cjs|svelte|css|sql|sh|html)$/

const BINARY = /\.(png|jpe?g|gif|webp|ico|icns|pdf|woff2?|ttf|otf|gz|zip|flexlab|sqlite)$/

/** Every text file that Git tracks or would track, parsed where it has TypeScript in it. */
export function readSourceFiles(): SourceFile[] {
  return listFiles()
    .filter((file) => !BINARY.test(file))
    .map((file) => sourceFile(file, readFileSync(file, 'utf8')))
}

/** A source file from its text; the tests of the rules make theirs up. */
export function sourceFile(file: string, text: string): SourceFile {
  return { path: file, text, lines: text.split('\n'), tree: parse(file, text) }
}

/** The line of a node of the tree, counted from 1. */
export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

/** Calls `visit` for every node of a tree, parents before children. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => {
    walk(child, visit)
  })
}

function listFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', shell: false })
  if (status !== 0) throw new Error('tidy needs a Git checkout to know which files are its own')
  const deleted = spawnSync('git', ['ls-files', '-z', '--deleted'], { encoding: 'utf8' })
  const gone = new Set(deleted.stdout.split('\0'))
  return stdout.split('\0').filter((file) => file !== '' && !gone.has(file))
}

function parse(file: string, text: string): ts.SourceFile | undefined {
  if (file.endsWith('.svelte')) return parseText(file, scriptsOf(text))
  return /\.(ts|js|mjs)$/.test(file) ? parseText(file, text) : undefined
}

function parseText(file: string, text: string): ts.SourceFile {
  const kind = file.endsWith('js') ? ts.ScriptKind.JS : ts.ScriptKind.TS
  return ts.createSourceFile(path.basename(file), text, ts.ScriptTarget.Latest, true, kind)
}

/** The scripts of a component with the markup blanked out, so lines keep their numbers. */
function scriptsOf(text: string): string {
  let scripts = text.replaceAll(/[^\n]/g, ' ')
  for (const match of text.matchAll(/(<script[^>]*>)([^]*?)<\/script>/g)) {
    const [, tag = '', body = ''] = match
    const start = match.index + tag.length
    scripts = scripts.slice(0, start) + body + scripts.slice(start + body.length)
  }
  return scripts
}
