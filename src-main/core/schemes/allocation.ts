/**
 * Allocation: how many pCPUs each VM gets when the second scheduling is removed. Shared by the
 * simulated schemes and by the agent on a real host.
 */

/** What one VM asks for. */
export type Claim = {
  /** 1024 = nice 0. */
  readonly weight: number
  /** vCPUs at most. */
  readonly vcpus: number
  /** vCPUs that it could use now; 0: it is idle; absent: all of them. */
  readonly need?: number
}

/**
 * How many vCPUs with a pCPU of their own each VM gets: n_i = P × w_i / Σw, at least 1 and at most
 * what it needs, by largest remainder; what a capped VM leaves goes to the others by weight. What
 * nobody needs goes to the VMs that are not idle, up to their vCPUs, then to idle ones; so an idle
 * VM has none only where the others need all. Σ n_i = P where the VMs have that many vCPUs, else
 * less; more only where more than P VMs are busy.
 */
export function allocateVcpus(pcpus: number, claims: readonly Claim[]): readonly number[] {
  const needs = claims.map((c) => Math.min(c.vcpus, c.need ?? c.vcpus))
  const least = needs.map((need) => (need > 0 ? 1 : 0))
  const most = [
    needs,
    claims.map((c, i) => (needs[i]! > 0 ? c.vcpus : 0)),
    claims.map((c) => c.vcpus),
  ]
  const counts = [...least]
  let free = pcpus - sum(counts)
  for (const caps of most) {
    const shares = exactShares(pcpus, claims, least, caps)
    for (; free > 0; free--) {
      const next = mostDeserving(claims, shares, counts, caps)
      if (next < 0) break
      counts[next]!++
    }
  }
  return counts
}

/** Shares by weight between each VM's bounds; what the bounds take or leave is shared again. */
function exactShares(
  pcpus: number,
  claims: readonly Claim[],
  least: readonly number[],
  most: readonly number[],
): readonly number[] {
  const shares = [...least]
  let open = claims.flatMap((_, i) => (most[i]! > 0 ? [i] : []))
  while (open.length > 0) {
    const weight = sum(open.map((i) => claims[i]!.weight))
    const pool = pcpus - sum(shares) + sum(open.map((i) => shares[i]!))
    const wanted = new Map(open.map((i) => [i, (pool * claims[i]!.weight) / weight]))
    for (const [i, w] of wanted) shares[i] = Math.min(most[i]!, Math.max(least[i]!, w))
    const excess = sum(open.map((i) => shares[i]! - wanted.get(i)!))
    const isBound = (i: number): boolean =>
      excess > 0 ? shares[i]! > wanted.get(i)! : shares[i]! < wanted.get(i)!
    if (!open.some(isBound)) break
    open = open.filter((i) => !isBound(i))
  }
  return shares
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/** The VM that may have one more and is furthest below its share; ties go to weight, then order. */
function mostDeserving(
  claims: readonly Claim[],
  shares: readonly number[],
  counts: readonly number[],
  most: readonly number[],
): number {
  let best = -1
  let bestLack = -Infinity
  claims.forEach((_, i) => {
    if (counts[i]! >= most[i]!) return
    const lack = shares[i]! - counts[i]!
    const wins = lack > bestLack + 1e-9 || (lack > bestLack - 1e-9 && heavier(claims, i, best))
    if (!wins) return
    best = i
    bestLack = Math.max(lack, bestLack)
  })
  return best
}

const heavier = (claims: readonly Claim[], a: number, b: number): boolean =>
  b < 0 || claims[a]!.weight > claims[b]!.weight

/** pCPUs of the host, of a socket, of an LLC, of a core; groups are aligned. */
export type Grouping = {
  readonly pcpus: number
  readonly perSocket: number
  readonly perLlc: number
  readonly perCore: number
}

/**
 * Places counts on pCPUs: a VM keeps the pCPUs it has, gives up the last ones, and takes free ones
 * of the LLC, then of the socket where it has most. With no placement yet, large VMs choose first,
 * so that a VM stays within an LLC where it can. Each vCPU gets a core of its own where there are
 * enough cores for all. Returns the pCPUs of each VM.
 */
export function placeVcpus(
  counts: readonly number[],
  current: readonly (readonly number[])[],
  grouping: Grouping,
): readonly (readonly number[])[] {
  const placed = counts.map((n, i) => current[i]!.slice(0, n))
  const taken = new Set(placed.flat())
  const order = counts.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const spreads = sum(counts) <= grouping.pcpus / grouping.perCore
  for (const i of order) {
    while (placed[i]!.length < counts[i]!) {
      const free = freePcpus(taken, spreads, grouping)
      if (free.length === 0) break
      const p = bestOf(free, placed[i]!, counts[i]! - placed[i]!.length, grouping)
      placed[i]!.push(p)
      taken.add(p)
    }
  }
  return placed
}

/** What may be taken next: with `spreads` one pCPU of each idle core, while there is one. */
function freePcpus(
  taken: ReadonlySet<number>,
  spreads: boolean,
  { pcpus, perCore }: Grouping,
): readonly number[] {
  const all = Array.from({ length: pcpus }, (_, p) => p)
  const free = all.filter((p) => !taken.has(p))
  if (!spreads) return free
  const busy = new Set([...taken].map((p) => Math.floor(p / perCore)))
  const alone = free.filter((p) => p % perCore === 0 && !busy.has(p / perCore))
  return alone.length > 0 ? alone : free
}

/** The free pCPU that suits a VM best: its LLC counts, then order. */
function bestOf(
  free: readonly number[],
  own: readonly number[],
  lacking: number,
  { perSocket, perLlc }: Grouping,
): number {
  const within = (ps: readonly number[], p: number, size: number): number =>
    ps.filter((q) => Math.floor(q / size) === Math.floor(p / size)).length
  const score = (p: number): number => {
    const room = within(free, p, perLlc)
    // first where the VM is, then where all it lacks fits, the tightest of these
    const fits = room >= lacking ? 1e5 - room : room
    return within(own, p, perLlc) * 1e10 + within(own, p, perSocket) * 1e6 + fits
  }
  const scores = new Map<number, number>()
  let best = free[0]!
  for (const p of free) {
    const llc = Math.floor(p / perLlc)
    if (!scores.has(llc)) scores.set(llc, score(p))
    if (scores.get(llc)! > scores.get(Math.floor(best / perLlc))!) best = p
  }
  return best
}
