/**
 * scheme-loader: turns the text of a user's scheme into a scheme. Runs in worker threads only. Node
 * strips the types; what is executed is the text that was hashed, and it can import nothing, so the
 * hash stands for all of it.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { LabError } from '../../core/base/lab-error.ts'
import type { Scheme } from '../../core/schemes/scheme.ts'
import { readUserScheme, UserSchemeError } from '../../core/simulate/user-scheme.ts'

/** A scheme file as a worker gets it. */
export type SchemeSource = {
  readonly file: string
  readonly text: string
  readonly sha256: string
}

const HINT = 'this comes from the scheme’s own file, not from the app'

/** The address under which a scheme's text is executed; stack traces name it. */
const addressOf = ({ file, sha256 }: SchemeSource): string =>
  `${pathToFileURL(file).href}?sha256=${sha256}`

/** Loads schemes from a fixed set of sources. */
export class SchemeLoader {
  readonly #sources: ReadonlyMap<string, SchemeSource>

  constructor(sources: readonly SchemeSource[]) {
    this.#sources = new Map(sources.map((source) => [addressOf(source), source]))
    if (sources.length > 0) this.#install()
  }

  /** The source with that hash, or null. */
  find(sha256: string): SchemeSource | null {
    return [...this.#sources.values()].find((source) => source.sha256 === sha256) ?? null
  }

  /** The scheme of a source. @throws LabError `bad-input` with file, line and reason */
  async load(source: SchemeSource): Promise<Scheme> {
    try {
      return readUserScheme(await import(/* @vite-ignore */ addressOf(source)))
    } catch (error) {
      throw asUsers(error, source)
    }
  }

  #install(): void {
    forbidChance()
    registerHooks({
      resolve: (specifier, context, next) => {
        if (this.#sources.has(specifier)) {
          return { url: specifier, format: formatOf(specifier), shortCircuit: true }
        }
        if (!this.#sources.has(context.parentURL ?? '')) return next(specifier, context)
        throw new UserSchemeError(
          `it imports ${specifier}, but a scheme may only import types`,
          'write "import type"; what it needs at run time it gets as `lab`',
        )
      },
      load: (url, context, next) => {
        const source = this.#sources.get(url)
        if (source === undefined) return next(url, context)
        return { format: formatOf(url), source: source.text, shortCircuit: true }
      },
    })
  }
}

const formatOf = (address: string): 'module' | 'module-typescript' =>
  /\.m?ts\?/.test(address) ? 'module-typescript' : 'module'

/** Nothing of ours draws from it, and a scheme that did would make runs that nobody can repeat. */
function forbidChance(): void {
  Math.random = () => {
    throw new Error('Math.random gives other runs each time; use lab.uniformAt with a seeded key')
  }
}

/**
 * The error of a run under a user's scheme: with file and line where it came out of that file. What
 * the lab itself has to say (a budget, a cancel) stays as it is.
 */
export function blame(error: unknown, source: SchemeSource): unknown {
  if (error instanceof LabError) return error
  const line = lineIn(error, source)
  if (line !== null || error instanceof UserSchemeError) return asUsers(error, source)
  const message = `${messageOf(error)} (under the scheme of ${source.file})`
  return new LabError('internal', message, 'the scheme may have caused it; try a shipped one')
}

function asUsers(error: unknown, source: SchemeSource): LabError {
  const line = lineIn(error, source)
  const where = line === null ? source.file : `${source.file}:${line}`
  const hint = error instanceof UserSchemeError && error.hint !== '' ? error.hint : HINT
  return new LabError('bad-input', `${where}: ${messageOf(error)}`, hint)
}

/** The innermost line of the scheme's file in the error's stack, or null. */
function lineIn(error: unknown, source: SchemeSource): number | null {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const after = stack.split(`${addressOf(source)}:`)[1]
  return after === undefined ? null : Number.parseInt(after, 10)
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
