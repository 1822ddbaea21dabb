/** scheme-infos: which schemes there are, as the catalogue and the readers see them. */
import type { SchemeInfo } from '../contract/catalogue.ts'
import { SCHEMES } from '../schemes/registry.ts'

/** Descriptions of all schemes, in the order of the registry. */
export const SCHEME_INFOS: readonly SchemeInfo[] = SCHEMES.map((scheme) => scheme.info)
