/** The library's handlers: runs, their facets, groups, columns and views, and what marks them. */
import { oc } from '@orpc/contract'
import * as v from 'valibot'
import {
  FacetsSchema,
  GroupQuerySchema,
  RunColumnsSchema,
  RunDetailSchema,
  RunGroupsSchema,
  RunIdsQuerySchema,
  RunPageSchema,
  RunQuerySchema,
  RunQuestionSchema,
} from './library.ts'
import { LibraryViewSchema, SavedViewSchema, ViewNameSchema } from './library-view.ts'

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const Ids = v.pipe(v.array(Id), v.minLength(1), v.maxLength(100_000))
const Done = v.object({ changed: v.number() })
const ReasonSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'an exclusion needs a reason'),
  v.maxLength(500),
)
/** `ids`: the runs that changed, so that exactly these can be changed back. */
const Marked = v.object({ changed: v.number(), ids: v.array(Id) })

/** Part of the contract: `library.…`. */
export const libraryHandlers = {
  runs: oc.input(RunQuerySchema).output(RunPageSchema),
  facets: oc.input(RunQuestionSchema).output(FacetsSchema),
  /** Settings and metrics that matching runs have, and which columns differ among them. */
  columns: oc.input(RunQuestionSchema).output(RunColumnsSchema),
  /** Runs in groups, with count, median, and mean with its interval. */
  groups: oc.input(GroupQuerySchema).output(RunGroupsSchema),
  /** Ids of matching runs in order, for changes to many of them. */
  ids: oc.input(RunIdsQuerySchema).output(v.array(Id)),
  run: oc.input(v.strictObject({ id: Id })).output(RunDetailSchema),
  tag: oc
    .input(
      v.strictObject({
        ids: Ids,
        tag: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
        on: v.boolean(),
      }),
    )
    .output(Marked),
  note: oc
    .input(v.strictObject({ id: Id, note: v.pipe(v.string(), v.maxLength(20_000)) }))
    .output(Done),
  /** Adds a line to the notes of runs, or takes it off their ends. */
  noteLine: oc
    .input(
      v.strictObject({
        ids: Ids,
        line: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
        on: v.boolean(),
      }),
    )
    .output(Marked),
  trash: oc.input(v.strictObject({ ids: Ids, on: v.boolean() })).output(Marked),
  /** Questions that have a name, by name. */
  views: oc.output(v.array(SavedViewSchema)),
  /** Keeps a question under a name, in place of an earlier one. */
  saveView: oc.input(LibraryViewSchema).output(SavedViewSchema),
  removeView: oc.input(v.strictObject({ name: ViewNameSchema })).output(Done),
  /**
   * Takes over the sample that ships with the app: a small simulated campaign. Asked again it
   * adds nothing, but takes its runs out of the trash.
   */
  importSample: oc.output(
    v.object({ campaignId: v.string(), added: v.number(), restored: v.number() }),
  ),
  /** Excludes runs from every comparison with a reason; null takes them in again. */
  exclude: oc.input(v.strictObject({ ids: Ids, reason: v.nullable(ReasonSchema) })).output(Done),
}
