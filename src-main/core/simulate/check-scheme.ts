/** check-scheme: a scheme reference against the registry: id, parameter names, types, choices. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Issue } from '../base/result.ts'
import type { SchemeRef } from '../contract/scenario.ts'
import { checkParams } from '../schemes/check-params.ts'
import { SHIPPED } from './known.ts'
import type { Known, KnownScheme } from './known.ts'

/** A reference may bring the code that it was made with; it must be the code that would run now. */
function checkCode(known: KnownScheme, { id, code }: SchemeRef): readonly Issue[] {
  if (code === undefined || code.sha256 === known.code?.sha256) return []
  if (known.code === undefined) {
    return [{ path: 'code', message: `"${id}" ships with the app and has no other code`, hint: '' }]
  }
  const [then, now] = [code.sha256, known.code.sha256].map((hash) => hash.slice(0, 12))
  const file = known.info.file ?? id
  return [
    {
      path: 'code',
      message: `the code of "${id}" has changed: it was ${then}, ${file} is ${now}`,
      hint: 'give back the file of then, or leave out `code` to take the one of now',
    },
  ]
}

function unknownScheme({ id, code }: SchemeRef, known: readonly KnownScheme[]): Issue {
  const ids = known.map(({ info }) => info.id)
  if (code === undefined) {
    const message = `"${id}" is not a known scheme`
    return { path: 'id', message, hint: didYouMean(id, ids) }
  }
  const hint = 'the code that stands here is never run by itself: give its file by --scheme-file'
  return { path: 'id', message: `"${id}" is a scheme of a user’s that is not loaded`, hint }
}

/** Issues of a scheme reference, paths relative to it: `id`, `params.periodNs`. */
export function checkScheme(ref: SchemeRef, { schemes }: Known = SHIPPED): readonly Issue[] {
  const known = schemes.find(({ info }) => info.id === ref.id)
  if (known === undefined) return [unknownScheme(ref, schemes)]
  return [...checkCode(known, ref), ...checkParams(known.info, ref.params)]
}
