/** A scheme on the command line, written as its label: `flexcore(resize=hotplug, periodMs=100)`. */
import { InvalidArgumentError } from 'commander'
import type { SchemeRef } from '../../core/contract/scenario.ts'

const LABEL = /^([A-Za-z][\w-]*)(?:\((.*)\))?$/
const PARAM = /^([A-Za-z]\w*)=(.+)$/

/** A scheme's label as id and parameters. */
export function schemeOption(text: string): SchemeRef {
  const [, id, inner = ''] = LABEL.exec(text.trim()) ?? []
  if (id === undefined)
    throw new InvalidArgumentError('It must be like pin or flexcore(resize=hotplug).')
  const params = inner.split(',').filter((part) => part.trim() !== '')
  return { id, params: Object.fromEntries(params.map(param)) }
}

function param(text: string): readonly [string, string | number | boolean] {
  const [, key, value] = PARAM.exec(text.trim()) ?? []
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError(`"${text.trim()}" must be like resize=hotplug.`)
  }
  if (value === 'true' || value === 'false') return [key, value === 'true']
  const number = Number(value)
  return [key, Number.isFinite(number) && value.trim() !== '' ? number : value]
}
