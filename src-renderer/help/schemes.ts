/**
 * Help: the schemes. What a scheme does, fixes and breaks is said once, in the catalogue; here
 * stand only the paper behind it and the harms that it is about.
 */
import type { Catalogue, SchemeInfo } from '../../src-main/core/contract/catalogue.ts'
import type { HelpPage } from './page.ts'
import type { SourceKey } from './sources.ts'

type Behind = { readonly sources: readonly SourceKey[]; readonly see: readonly string[] }

const behind = (sources: readonly SourceKey[], ...see: readonly string[]): Behind => ({
  sources,
  see,
})

/** Behind the shipped schemes; a scheme of the user's has its own words only. */
const BEHIND: Readonly<Record<string, Behind>> = {
  cfs: behind(['linux2017'], 'double-scheduling', 'lock-holder-preemption', 'vcpu-stacking'),
  stock: behind(['linux2017', 'linux2023'], 'double-scheduling', 'scheme-cfs', 'scheme-eevdf'),
  eevdf: behind(['linux2023', 'stoica1995'], 'double-scheduling', 'pause-loop-exiting'),
  credit: behind(['xen', 'ahn2014'], 'priority-inversion', 'preempted-barrier'),
  credit2: behind(['xen'], 'priority-inversion', 'scheme-credit'),
  gang: behind(['ousterhout1982'], 'fragmentation', 'lock-holder-preemption'),
  'esx-strict': behind(['vmware2010'], 'fragmentation', 'scheme-esx-relaxed'),
  'esx-relaxed': behind(['vmware2010'], 'fragmentation', 'lock-holder-preemption'),
  hybrid: behind(['weng2009'], 'lock-holder-preemption', 'scheme-credit'),
  asman: behind(['weng2011', 'weng2009'], 'lock-holder-preemption', 'scheme-hybrid'),
  'task-aware': behind(['bai2010'], 'tlb-shootdown', 'scheme-hybrid'),
  balance: behind(['sukwong2011'], 'vcpu-stacking'),
  pin: behind([], 'cold-caches', 'scheme-flexcore'),
  demand: behind(['kim2013'], 'tlb-shootdown', 'lock-holder-preemption'),
  delay: behind(['uhlig2004'], 'lock-holder-preemption'),
  flex: behind(['rao2014'], 'pause-loop-exiting', 'class-fair-share'),
  'vcpu-bal': behind(['song2013'], 'vcpu-ballooning', 'scheme-flexcore'),
  flexcore: behind(['miao2015'], 'vcpu-ballooning', 'double-scheduling', 'class-resize'),
  vscale: behind(['cheng2016'], 'vcpu-ballooning', 'steal'),
  'preferred-cpus': behind(['linux2025'], 'steal', 'vcpu-ballooning'),
}

function schemePage(info: SchemeInfo): HelpPage {
  const { sources, see } = BEHIND[info.id] ?? behind([])
  const note = info.note === '' ? [] : [{ heading: 'To know', text: info.note }]
  return {
    id: `scheme-${info.id}`,
    kind: 'scheme',
    title: info.title,
    summary: info.summary,
    blocks: [
      { heading: 'Fixes', text: info.fixes },
      { heading: 'Breaks', text: info.breaks },
      ...note,
      { heading: 'Source', text: info.source },
    ],
    sources,
    see: [...see, 'schemes'],
  }
}

/** A page for all schemes, and one for each: those of the simulator, then what only hosts have. */
export function schemePages(catalogue: Catalogue): readonly HelpPage[] {
  const ids = new Set(catalogue.schemes.map(({ id }) => id))
  const all = [...catalogue.schemes, ...catalogue.hostSchemes.filter(({ id }) => !ids.has(id))]
  const overview: HelpPage = {
    id: 'schemes',
    kind: 'scheme',
    title: 'All schemes',
    summary: 'Ways to schedule virtual CPUs, each with what it fixes and what it breaks.',
    blocks: [
      {
        text:
          'None is best everywhere: what one fixes another breaks. Which harms a scheme takes ' +
          'away in your situation is what a comparison shows, with [[time-classes]] and ' +
          'verdicts.',
      },
    ],
    terms: all.map(({ id, title, summary }) => ({
      key: id,
      term: title,
      meaning: `${summary} [[scheme-${id}|More]]`,
    })),
    sources: [],
    see: ['double-scheduling', 'vcpu-ballooning'],
  }
  return [overview, ...all.map(schemePage)]
}
