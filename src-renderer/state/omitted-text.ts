/** What a comparison leaves out, named in as few words as it takes. */
import type { Comparison } from '../../src-main/core/contract/comparison.ts'

/** `ferret, vips × gang and balance`: a group alone stands for all of its schemes. */
export function omittedText({ omitted, schemes }: Comparison): string {
  const byGroup = Map.groupBy(omitted, (row) => row.group)
  return [...byGroup]
    .map(([group, rows]) => {
      if (rows.length >= schemes.length) return group
      return `${group} × ${rows.map((row) => row.scheme).join(' and ')}`
    })
    .join(', ')
}
