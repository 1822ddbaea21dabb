// The rules about how long things are and what files are called.
import path from 'node:path'
import ts from 'typescript'
import { CODE, lineOf, walk, type SourceFile, type Violation } from './source-files.ts'

/** The snapshot of the schema is written by a test; nobody edits it. */
const GENERATED = 'migrations/schema.sql'
const FUNCTION_LINES_MAX = 70
const FILE_LINES_MAX = 400
const COLUMNS_MAX = 100

/** The whole engine: event queue, engine, hooks and trace together. */
const SIM_LINES_MAX = 600
const SIM = 'src-main/core/sim/'

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
const PASCAL = /^[A-Z][A-Za-z0-9]*(\.shared)?(\.svelte)?(\.ts)?$/
const CATCH_ALL = /^(utils?|helpers?|misc|common)\.(svelte\.)?[tj]s$/

/** A function's name where it has one, its place, and how many lines it spans. */
export interface FunctionSize {
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** Files that are too long, and the engine when it is. */
export function checkFileSizes(files: readonly SourceFile[]): Violation[] {
  const written = files.filter((file) => CODE.test(file.path) && file.path !== GENERATED)
  const tooLong = written.flatMap((file) => {
    const message = `${lineCount(file)} lines; a file has at most ${FILE_LINES_MAX}`
    return lineCount(file) > FILE_LINES_MAX ? [at(file, FILE_LINES_MAX, 'size', message)] : []
  })
  const sim = written.filter((file) => file.path.startsWith(SIM))
  const total = sim.reduce((sum, file) => sum + lineCount(file), 0)
  if (total <= SIM_LINES_MAX) return tooLong
  const message = `${SIM} has ${total} lines; the engine has at most ${SIM_LINES_MAX}`
  return [...tooLong, { file: SIM, line: 1, rule: 'size', message }]
}

/** Lines that are too wide; a line that holds a link may be. */
export function checkColumns(file: SourceFile): Violation[] {
  if (!CODE.test(file.path)) return []
  return file.lines.flatMap((line, index) => {
    const columns = line.length
    if (columns <= COLUMNS_MAX || /https?:\/\//.test(line)) return []
    return [at(file, index + 1, 'columns', `${columns} columns; a line has at most ${COLUMNS_MAX}`)]
  })
}

/** Functions that are too long. */
export function checkFunctionSizes(file: SourceFile): Violation[] {
  return functionSizes(file)
    .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
    .map(({ name, line, lines }) => {
      const message = `${name} has ${lines} lines; a function has at most ${FUNCTION_LINES_MAX}`
      return at(file, line, 'size', message)
    })
}

/** Every function with a body; the callback of a `describe` is a list of tests, not a function. */
export function functionSizes({ tree }: SourceFile): FunctionSize[] {
  const sizes: FunctionSize[] = []
  if (tree === undefined) return sizes
  walk(tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
    if (isDescribeCallback(node)) return
    const line = lineOf(tree, node)
    const lines = tree.getLineAndCharacterOfPosition(node.end).line + 2 - line
    sizes.push({ name: functionName(node), line, lines })
  })
  return sizes
}

function isDescribeCallback(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText())
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText()
  if (ts.isVariableDeclaration(node.parent)) return node.parent.name.getText()
  return 'an unnamed function'
}

/** File names: kebab-case, components in PascalCase, and none that could hold anything. */
export function checkNames(file: SourceFile): Violation[] {
  const isCode = /^(src-main|src-renderer|test|migrations)\//.test(file.path)
  if (!isCode || !CODE.test(file.path)) return []
  const name = path.basename(file.path)
  if (CATCH_ALL.test(name)) {
    return [at(file, 1, 'names', `"${name}" says nothing; name the file after what is in it`)]
  }
  const isComponent = name.endsWith('.svelte')
  const isPascalAllowed = isComponent || file.path.startsWith('src-renderer/charts/')
  if (!isComponent && KEBAB.test(name)) return []
  if (isPascalAllowed && PASCAL.test(name)) return []
  const wanted = isComponent ? 'PascalCase' : 'kebab-case'
  return [at(file, 1, 'names', `"${name}" is not in ${wanted}`)]
}

function lineCount({ lines }: SourceFile): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length
}

function at(file: SourceFile, line: number, rule: string, message: string): Violation {
  return { file: file.path, line, rule, message }
}
