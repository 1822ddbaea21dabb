/** scheme-infos: which schemes there are, as the catalogue and the readers see them. */
import type { SchemeInfo } from '../contract/catalogue.ts'

const info = (
  id: string,
  title: string,
  parameters: SchemeInfo['parameters'] = [],
): SchemeInfo => ({
  id,
  title,
  summary: '',
  fixes: '',
  breaks: '',
  source: '',
  note: '',
  parameters,
})

/** Descriptions of all schemes. */
export const SCHEME_INFOS: readonly SchemeInfo[] = [
  info('cfs', 'Stock KVM'),
  info('gang', 'Gang scheduling'),
  info('balance', 'Balance scheduling'),
  info('vcpu-bal', 'VCPU-Bal'),
  info('flexcore', 'FlexCore'),
]
