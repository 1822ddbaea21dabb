// The rules about what is written in a file: purity of the core, comments, names inside code, and
// calls that are refused everywhere.
import ts from 'typescript'
import { CODE, lineOf, walk, type SourceFile, type Violation } from './source-files.ts'

const SOURCE_FOLDERS = /^(src-main|src-renderer|test)\//

/** Names that make a run depend on something other than its seed. */
const IMPURE = new Set(['Date', 'globalThis', 'eval', 'Intl', 'performance', 'localStorage'])

/** Each comment opener by extension: a file starts with why it exists. */
const OPENERS: Readonly<Record<string, RegExp>> = {
  ts: /^\/[/*]/,
  js: /^\/[/*]/,
  mjs: /^(#!.*\n)?\/[/*]/,
  svelte: /^<!--/,
  css: /^\/\*/,
  sql: /^--/,
  sh: /^(#!.*\n)?#/,
}

/** Time, chance and globals in the core, which must give the same result from the same input. */
export function checkPurity(file: SourceFile): Violation[] {
  const { tree } = file
  if (tree === undefined || !file.path.startsWith('src-main/core/')) return []
  const found: Violation[] = []
  walk(tree, (node) => {
    const name = impureName(node)
    if (name === undefined) return
    const message = `the core is pure and must not use ${name}`
    found.push({ file: file.path, line: lineOf(tree, node), rule: 'purity', message })
  })
  return found
}

function impureName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random'
  if (!ts.isIdentifier(node) || !IMPURE.has(node.text)) return undefined
  const { parent } = node
  const isMember =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent)
  return isMember ? undefined : node.text
}

/** A source file opens with a comment. */
export function checkOpening(file: SourceFile): Violation[] {
  const opener = OPENERS[file.path.slice(file.path.lastIndexOf('.') + 1)]
  if (opener === undefined || opener.test(file.text)) return []
  const message = 'the file does not open with a comment that says why it exists'
  return [{ file: file.path, line: 1, rule: 'opening', message }]
}

/** Every export of a source file has a doc comment; test files export nothing. */
export function checkDocs(file: SourceFile): Violation[] {
  const { tree } = file
  if (tree === undefined || !SOURCE_FOLDERS.test(file.path) || file.path.endsWith('.svelte')) {
    return []
  }
  const seen = new Set<string>()
  return tree.statements.filter(isExported).flatMap((statement) => {
    const name = nameOf(statement)
    // Of a function's overloads the first carries the comment for all.
    if (seen.has(name) || hasDoc(statement)) return seen.add(name) && []
    const message = `the export ${name} has no doc comment`
    return [{ file: file.path, line: lineOf(tree, statement), rule: 'docs', message }]
  })
}

function isExported(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  if (!ts.canHaveModifiers(statement)) return false
  const modifiers = ts.getModifiers(statement) ?? []
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
}

function hasDoc(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).length > 0
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join(', ')
  }
  const { name } = statement as ts.Statement & { name?: ts.Node }
  return name?.getText() ?? 'default'
}

/** Names and forms that the style refuses inside code. */
export function checkForms(file: SourceFile): Violation[] {
  const { tree } = file
  if (tree === undefined || !SOURCE_FOLDERS.test(file.path)) return []
  const found: Violation[] = []
  walk(tree, (node) => {
    const message = refusedForm(node)
    if (message === undefined) return
    found.push({ file: file.path, line: lineOf(tree, node), rule: 'forms', message })
  })
  return found
}

function refusedForm(node: ts.Node): string | undefined {
  if (ts.isInterfaceDeclaration(node) && /^I[A-Z][a-z]/.test(node.name.text)) {
    return `${node.name.text}: an interface has no I prefix`
  }
  if (ts.isClassElement(node) && ts.canHaveModifiers(node)) {
    const modifiers = ts.getModifiers(node) ?? []
    const hidden = modifiers.find(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
    if (hidden !== undefined) return 'a private member is written #name'
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'shell') {
    const value = node.initializer.getText()
    if (value !== 'false') return `child processes are started with shell: false, not ${value}`
  }
  return undefined
}

/** Unfinished work is an issue, not a comment. */
export function checkMarkers(file: SourceFile): Violation[] {
  if (!CODE.test(file.path)) return []
  const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
  return matchLines(file, 'markers', marker, ([word = '']) => `${word} does not stay in a file`)
}

/** Nothing of the machine it was written on: no home directories, no registry hosts. */
export function checkMachine(file: SourceFile): Violation[] {
  const place =
    /(?<![\w.}\])*-])\/(home|root|Users|work)\/[\w.-]+|registry\.[\w-]+\.\w+|_auth[T]oken/
  return matchLines(file, 'machine', place, ([text = '']) => `"${text}" belongs to one machine`)
}

function matchLines(
  file: SourceFile,
  rule: string,
  pattern: RegExp,
  describe: (match: RegExpMatchArray) => string,
): Violation[] {
  return file.lines.flatMap((line, index) => {
    const match = line.match(pattern)
    if (match === null) return []
    return [{ file: file.path, line: index + 1, rule, message: describe(match) }]
  })
}
