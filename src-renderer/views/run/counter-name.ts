/** Counters' names as words: `pleExits` → `PLE exits`, `idlePcpuNs` → `idle pCPU (ns)`. */

const TERMS: Readonly<Record<string, string>> = {
  pcpu: 'pCPU',
  pcpus: 'pCPUs',
  vcpu: 'vCPU',
  vcpus: 'vCPUs',
  ple: 'PLE',
  ipi: 'IPI',
  ipis: 'IPIs',
  tlb: 'TLB',
  llc: 'LLC',
  hlt: 'HLT',
}

/** A counter's key in words, its unit in brackets. */
export function counterName(key: string): string {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ')
  const text = words.map((word) => TERMS[word] ?? word).join(' ')
  return text.replace(/ (ns|ms|bytes)$/, ' ($1)')
}
