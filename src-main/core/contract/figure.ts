/**
 * A figure as data: which chart it is and what it is drawn from. What a page shows can so be kept
 * as a figure pack and drawn again, by another program or in another year.
 */
import * as v from 'valibot'
import { PredictionSchema } from './calibration.ts'
import { ComparisonSchema, EstimateSchema, ReferenceBandSchema } from './comparison.ts'
import { ExplanationSchema } from './explanation.ts'
import { ReplaySchema } from './replay.ts'
import { RunKindSchema, RunSeriesSchema, TimeByClassSchema } from './result.ts'

const figure = <const K extends string, D extends v.ObjectEntries>(chart: K, data: D) =>
  v.strictObject({ chart: v.literal(chart), data: v.strictObject(data) })

const Name = v.pipe(v.string(), v.maxLength(500))

/** Every chart of the app with its data; `core/charts/draw-figure.ts` draws it. */
export const FigureSpecSchema = v.variant('chart', [
  figure('bars', {
    comparison: ComparisonSchema,
    band: v.exactOptional(
      v.strictObject({ band: ReferenceBandSchema, reading: v.picklist(['speedup', 'timeSaved']) }),
    ),
  }),
  figure('heatmap', { comparison: ComparisonSchema }),
  figure('improvement', {
    comparison: ComparisonSchema,
    scheme: Name,
    band: v.exactOptional(ReferenceBandSchema),
  }),
  figure('attribution', {
    kind: RunKindSchema,
    bars: v.array(v.object({ heading: Name, label: Name, attributionNs: TimeByClassSchema })),
  }),
  figure('waterfall', { kind: RunKindSchema, name: Name, attributionNs: TimeByClassSchema }),
  figure('load', {
    kind: RunKindSchema,
    name: Name,
    series: RunSeriesSchema,
    vcpus: v.record(v.string(), v.number()),
  }),
  figure('ecdf', { comparison: ComparisonSchema }),
  figure('slope', { comparison: ComparisonSchema, scheme: Name }),
  figure('beside', { first: ComparisonSchema, second: ComparisonSchema }),
  figure('interference', {
    kind: RunKindSchema,
    scheme: Name,
    reference: Name,
    cells: v.array(
      v.strictObject({ app: Name, beside: Name, slowdown: EstimateSchema, vms: v.number() }),
    ),
  }),
  figure('explain', { explanation: ExplanationSchema }),
  figure('replay', { replay: ReplaySchema }),
  figure('identity', { prediction: PredictionSchema }),
])
/** Which chart it is, and its data. */
export type FigureSpec = v.InferOutput<typeof FigureSpecSchema>

/** How the data was asked for, so that it can be asked for again. */
export const FigureQuerySchema = v.strictObject({
  /** Handler of the contract, e.g. `compare.get`. */
  handler: v.pipe(v.string(), v.maxLength(100)),
  input: v.record(v.string(), v.unknown()),
})
/** How the data was asked for. */
export type FigureQuery = v.InferOutput<typeof FigureQuerySchema>

/** Width that a figure is drawn at, px. */
export const FigureWidthSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(200),
  v.maxValue(10_000),
)

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'))

/** A figure pack: the picture, its data, and what it takes to draw it again. */
export const FigurePackSchema = v.strictObject({
  format: v.literal('flexlab-figure', 'is not a figure pack'),
  version: v.literal(1, 'is a figure pack of another version'),
  appVersion: v.string(),
  title: v.string(),
  /** Measured, Simulated or Counterfactual; several where the chart sets them side by side. */
  kinds: v.array(RunKindSchema),
  description: v.string(),
  query: FigureQuerySchema,
  widthPx: FigureWidthSchema,
  spec: FigureSpecSchema,
  csv: v.string(),
  svg: v.string(),
  /** Of the spec as canonical JSON (RFC 8785) and of the two texts. */
  sha256: v.strictObject({ spec: Sha256, csv: Sha256, svg: Sha256 }),
})
/** A figure pack. */
export type FigurePack = v.InferOutput<typeof FigurePackSchema>
