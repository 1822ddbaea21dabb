/** Values that files of several kinds share: text on one line, numbers and parameters by name. */
import * as v from 'valibot'

/** Names are printed to terminals, where a control character could do anything. */
export const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u

/** A scheme's or workload's own parameter: number, text, or switch. */
export const ParamValueSchema = v.union(
  [
    v.pipe(v.number(), v.finite()),
    v.boolean(),
    v.pipe(v.string(), v.maxLength(200), v.regex(ONE_LINE)),
  ],
  'a parameter must be a number, text, true or false',
)
/** A parameter's value. */
export type ParamValue = v.InferOutput<typeof ParamValueSchema>

/** Parameters by name; which names exist is the catalogue's business. */
export const ParamsSchema = v.record(v.string(), ParamValueSchema)

/** Numbers by name: costs, workload parameters. */
export const NumbersSchema = v.record(
  v.string(),
  v.pipe(v.number('must be a number'), v.finite('must be finite')),
)
