// Who may import whom. The list is ARCHITECTURE.md's in a form that a test can hold; a new layer or
// a new edge is a change here, seen in review.
import { builtinModules } from 'node:module'
import path from 'node:path'
import ts from 'typescript'
import { lineOf, walk, type SourceFile, type Violation } from './source-files.ts'

const CORE = 'src-main/core'

/** Each layer's folder and the layers it may import beside itself; the longest prefix decides. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  [`${CORE}/base`]: [],
  [`${CORE}/sim`]: [`${CORE}/base`],
  [`${CORE}/model`]: [`${CORE}/sim`, `${CORE}/base`],
  [`${CORE}/schemes`]: [`${CORE}/model`, `${CORE}/sim`, `${CORE}/base`],
  [`${CORE}/workloads`]: [`${CORE}/model`, `${CORE}/sim`, `${CORE}/base`],
  [`${CORE}/stats`]: [`${CORE}/contract`, `${CORE}/base`],
  [`${CORE}/contract`]: [`${CORE}/base`],
  // What programs of guests print, read for the agent and the lab alike.
  [`${CORE}/work`]: [`${CORE}/contract`, `${CORE}/base`],
  // Measured figures in, costs of the simulator out; and predicted beside measured.
  [`${CORE}/calibrate`]: ['workloads', 'model', 'stats', 'contract', 'base'].map(
    (name) => `${CORE}/${name}`,
  ),
  [`${CORE}/trace`]: [`${CORE}/contract`, `${CORE}/base`],
  [`${CORE}/charts`]: [`${CORE}/stats`, `${CORE}/contract`, `${CORE}/base`],
  // Where the parts of the simulator meet: a contract's scenario in, a contract's result out.
  [`${CORE}/simulate`]: [
    ...['schemes', 'workloads', 'work', 'model', 'trace', 'sim', 'contract', 'base'],
  ].map((name) => `${CORE}/${name}`),
  'src-main/store': [CORE],
  'src-main/archive': [CORE],
  'src-main/report': [CORE],
  'src-main/remote': [CORE],
  'src-main/lab': [
    CORE,
    'src-main/store',
    'src-main/archive',
    'src-main/report',
    'src-main/remote',
  ],
  'src-main/agent': [`${CORE}/contract`, `${CORE}/work`, `${CORE}/schemes`, `${CORE}/base`],
  'src-main/hosts/electron': [
    'src-main/lab',
    'src-main/hosts/web',
    `${CORE}/contract`,
    `${CORE}/base`,
  ],
  'src-main/hosts/web': ['src-main/lab', `${CORE}/contract`, `${CORE}/base`],
  'src-main/hosts/cli': [
    'src-main/lab',
    // `serve` and `start` are commands of the command line.
    'src-main/hosts/web',
    'src-main/hosts/electron',
    `${CORE}/contract`,
    `${CORE}/base`,
  ],
  'src-renderer': [CORE],
}

/** Packages with a place of their own, and the folders that may import them. */
const CONFINED: Readonly<Record<string, readonly string[]>> = {
  electron: ['src-main/hosts/electron/', 'test/'],
  'better-sqlite3': ['src-main/store/', 'test/'],
  child_process: [
    'src-main/remote/',
    'src-main/agent/',
    // Opens the browser or Electron, with arguments that are all our own; nothing else may.
    'src-main/hosts/web/start-program.ts',
    // Compiles and runs what the bench compares the engine with; see docs/adr.
    'src-main/lab/bench/start-program.ts',
    'bootstrap.mjs',
    'test/',
  ],
}

/** Packages that are pure, so the core may use them; any other from outside is refused there. */
const CORE_PACKAGES = ['@orpc/contract', 'echarts', 're2js', 'valibot', 'yaml']

interface Import {
  readonly specifier: string
  readonly line: number
}

/** Imports that the layers do not allow. */
export function checkLayers(file: SourceFile): Violation[] {
  const layer = layerOf(file.path)
  return importsOf(file).flatMap(({ specifier, line }) => {
    const message = specifier.startsWith('.')
      ? refuseRelative(file.path, layer, specifier)
      : refusePackage(file.path, specifier)
    return message === undefined ? [] : [{ file: file.path, line, rule: 'layers', message }]
  })
}

function refuseRelative(from: string, layer: string | undefined, specifier: string) {
  const target = path.posix.join(path.posix.dirname(from), specifier)
  if (layer === undefined) {
    return from.startsWith('src-') ? `${from} is in no layer; give its folder one` : undefined
  }
  const allowed = [layer, ...(LAYERS[layer] ?? [])]
  if (allowed.some((folder) => target.startsWith(`${folder}/`))) return undefined
  // A host may read the manifest for its version; nothing else lies outside the source folders.
  if (target === 'package.json' || !target.startsWith('src-')) return undefined
  return `${layer} must not import ${target}`
}

function refusePackage(from: string, specifier: string): string | undefined {
  const bare = specifier.replace(/^node:/, '')
  const name = bare
    .split('/')
    .slice(0, bare.startsWith('@') ? 2 : 1)
    .join('/')
  const places = CONFINED[name]
  if (places !== undefined && !places.some((place) => from.startsWith(place))) {
    return `${name} belongs to ${places.join(', ')}`
  }
  if (from.startsWith(`${CORE}/`) && !CORE_PACKAGES.includes(name)) {
    return `the core is pure and must not import ${specifier}`
  }
  if (from.startsWith('src-renderer/') && isNode(specifier)) {
    return `the renderer runs in a browser and must not import ${specifier}`
  }
  return undefined
}

function isNode(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function layerOf(file: string): string | undefined {
  return Object.keys(LAYERS).find((folder) => file.startsWith(`${folder}/`))
}

function importsOf({ tree }: SourceFile): Import[] {
  const found: Import[] = []
  if (tree === undefined) return found
  walk(tree, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) found.push({ specifier, line: lineOf(tree, node) })
  })
  return found
}

/** The module a node names: a static, dynamic or type import, or a worker's `new URL(…)`. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return textOf(node.moduleSpecifier)
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return textOf(node.argument.literal)
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0])
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const text = textOf(node.arguments?.[0])
    return text?.startsWith('.') && /\.[tj]s$/.test(text) ? text : undefined
  }
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined
}
