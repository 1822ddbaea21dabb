/** A saved view of the library: a question with its order, columns and groups, under a name. */
import * as v from 'valibot'
import { RunQuestionSchema } from './library.ts'
import { ColumnIdSchema, GroupKeySchema } from './run-columns.ts'

/** The name of a view. */
export const ViewNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))

/** What a view shows. */
export const ViewStateSchema = v.object({
  ...RunQuestionSchema.entries,
  sort: v.optional(ColumnIdSchema, 'createdAt'),
  descending: v.optional(v.boolean(), true),
  /** The columns in order; none: those that fit, of a run's own. */
  columns: v.optional(v.pipe(v.array(ColumnIdSchema), v.maxLength(80)), []),
  /** Of these columns only those that differ among the matching runs. */
  differing: v.optional(v.boolean(), false),
  /** Groups instead of runs, where there is a key. */
  by: v.optional(v.pipe(v.array(GroupKeySchema), v.maxLength(6)), []),
  measure: v.optional(ColumnIdSchema, 'timeNs'),
})
/** What a view shows, defaults filled in. */
export type ViewState = v.InferOutput<typeof ViewStateSchema>

/** A view to keep. */
export const LibraryViewSchema = v.strictObject({ name: ViewNameSchema, state: ViewStateSchema })
/** A view to keep. */
export type LibraryView = v.InferOutput<typeof LibraryViewSchema>

/** A view that is kept. */
export const SavedViewSchema = v.object({ ...LibraryViewSchema.entries, savedAt: v.string() })
/** A view that is kept. */
export type SavedView = v.InferOutput<typeof SavedViewSchema>
