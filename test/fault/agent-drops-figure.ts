// The figure of the agent's safety: counts and times of restores after drops.

/** One drop and how the host came back. */
export type Drop = {
  readonly kind: string
  readonly scheme: string
  /** Whether the guests were busy. */
  readonly loaded: boolean
  /** Who put the host back; null: nobody had to, `nobody`: nobody did in time. */
  readonly by: string | null
  /** From the drop, or the start of the next agent, until the journal said restored. */
  readonly restoredMs: number
  readonly equal: boolean
}

type Origin = {
  readonly seed: number
  readonly accelerator: string
  readonly commit: string
  readonly leaseMs: number
}

/** Counts for a test, and the page for people. */
export function figureOf(drops: readonly Drop[], origin: Origin) {
  const counts = countsOf(drops, origin)
  return { counts, markdown: page(drops, counts) }
}

type Counts = ReturnType<typeof countsOf>

function countsOf(drops: readonly Drop[], origin: Origin) {
  const restored = drops.filter(({ by }) => by !== null)
  return {
    ...origin,
    drops: drops.length,
    equal: drops.filter(({ equal }) => equal).length,
    nothingToRestore: drops.length - restored.length,
    notRestored: restored.filter(({ by }) => by === 'nobody').length,
    ...timesOf(restored),
    by: countBy(restored, ({ by }) => String(by)),
  }
}

function page(drops: readonly Drop[], counts: Counts): string {
  const kinds = [...new Set(drops.map(({ kind }) => kind))]
  const rows = kinds.map((kind) => {
    const own = drops.filter((drop) => drop.kind === kind)
    const restored = own.filter(({ by }) => by !== null)
    const { p50Ms, p99Ms } = timesOf(restored)
    const who = Object.entries(countBy(restored, ({ by }) => String(by)))
    const by = who.map(([name, n]) => `${name} ${n}`).join(', ')
    const equal = own.filter((drop) => drop.equal).length
    return `| ${kind} | ${own.length} | ${equal} | ${p50Ms} | ${p99Ms} | ${by} |`
  })
  const { drops: n, seed, commit, accelerator, leaseMs, equal, notRestored } = counts
  const { nothingToRestore, p50Ms, p99Ms, maxMs } = counts
  return `# Safety of the agent: drops on the test bed

Measured at commit ${commit} by

    node test/fault/agent-drops.ts --count ${n} --seed ${seed} --figure docs/figures/agent-safety.md

Two real guests of two vCPUs (${accelerator}) behind a real sshd, a scheme of six by turns, guests
busy in half of the cases, and one drop at a random moment after \`apply\` was sent: one in five
while the host was still being looked at, the others within 1.5 s of the journal's beginning. The
lease was ${leaseMs} ms (people get 3,000). After each drop affinities, guest CPUs and cgroups were
read past the agent and compared with before.

* **${equal} of ${n}** hosts equal their snapshot; ${notRestored} were not restored in time.
* ${nothingToRestore} drops struck before anything was changed.
* Restore time: p50 ${p50Ms} ms, p99 ${p99Ms} ms, longest ${maxMs} ms, from the drop (where nobody
  was left: from the start of the next agent) until the journal said that all was read back equal.

| Drop | Count | Equal | p50, ms | p99, ms | Put back by |
|---|---|---|---|---|---|
${rows.join('\n')}

A frozen client or agent is noticed when the lease runs out, so these times contain it.
`
}

function timesOf(drops: readonly Drop[]) {
  const sorted = drops.map(({ restoredMs }) => Math.round(restoredMs)).sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: sorted.at(-1) ?? 0 }
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1
  return counts
}
