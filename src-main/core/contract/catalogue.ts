/** What the lab knows: schemes, apps, hosts, parameters with provenance, shipped campaigns. */
import * as v from 'valibot'

/** A parameter with its default, unit and provenance. */
export const ParameterSchema = v.object({
  key: v.string(),
  label: v.string(),
  value: v.union([v.number(), v.string(), v.boolean()]),
  unit: v.string(),
  mark: v.picklist(['S', 'K', 'D', 'A']),
  source: v.string(),
  choices: v.optional(v.array(v.string())),
})
/** A parameter with its default, unit and provenance. */
export type Parameter = v.InferOutput<typeof ParameterSchema>

/** A scheduling scheme. `note`: e.g. that flexcore is a reconstruction. */
export const SchemeInfoSchema = v.object({
  id: v.string(),
  title: v.string(),
  summary: v.string(),
  fixes: v.string(),
  breaks: v.string(),
  source: v.string(),
  note: v.string(),
  parameters: v.array(ParameterSchema),
  /** The user's file that it comes from; none for a shipped scheme. */
  file: v.optional(v.string()),
})
/** A scheduling scheme. */
export type SchemeInfo = v.InferOutput<typeof SchemeInfoSchema>

/** A workload. `suite` is `parsec`, `kernel`, `micro` or `user`. */
export const AppInfoSchema = v.object({
  id: v.string(),
  title: v.string(),
  suite: v.string(),
  summary: v.string(),
  parameters: v.array(ParameterSchema),
})
/** A workload. */
export type AppInfo = v.InferOutput<typeof AppInfoSchema>

/** A host preset. */
export const HostInfoSchema = v.object({
  id: v.string(),
  title: v.string(),
  sockets: v.number(),
  coresPerSocket: v.number(),
  coresPerLlc: v.number(),
  threadsPerCore: v.number(),
  costs: v.array(ParameterSchema),
})
/** A host preset. */
export type HostInfo = v.InferOutput<typeof HostInfoSchema>

/** A campaign file that ships with the app; `text` is the file as it is. */
export const TemplateSchema = v.object({
  id: v.string(),
  title: v.string(),
  description: v.string(),
  text: v.string(),
})
/** A campaign file that ships with the app. */
export type Template = v.InferOutput<typeof TemplateSchema>

/** Everything that can be chosen from. */
export const CatalogueSchema = v.object({
  schemes: v.array(SchemeInfoSchema),
  /** What the agent can do to the VMs of a real host. */
  hostSchemes: v.array(SchemeInfoSchema),
  apps: v.array(AppInfoSchema),
  hosts: v.array(HostInfoSchema),
  guest: v.array(ParameterSchema),
  templates: v.array(TemplateSchema),
})
/** Everything that can be chosen from. */
export type Catalogue = v.InferOutput<typeof CatalogueSchema>
