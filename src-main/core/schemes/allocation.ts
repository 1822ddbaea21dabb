/**
 * Allocation: how many pCPUs each VM gets when the second scheduling is removed. Shared by the
 * simulated schemes and, later, by the agent's controller on a real host.
 */

/** What one VM asks for. `demand` ≤ `vcpus`: how many it could use now; weight 1024 = nice 0. */
export type Claim = {
  readonly weight: number
  readonly vcpus: number
  readonly active: boolean
}

/**
 * n_i = P × w_i / Σw over active VMs, at least 1 each and at most its vCPUs, by largest remainder;
 * what a capped VM leaves goes to the others. Idle VMs get 1 while there is room, else 0 beside the
 * active ones' shares; Σ n_i ≤ max(P, number of VMs).
 */
export function allocateVcpus(pcpus: number, claims: readonly Claim[]): readonly number[] {
  const counts = claims.map(() => 1)
  let free = pcpus - claims.length
  const open = new Set(claims.flatMap((c, i) => (c.active && c.vcpus > 1 ? [i] : [])))
  while (free > 0 && open.size > 0) {
    const next = mostDeserving(claims, counts, open, pcpus)
    counts[next]!++
    free--
    if (counts[next] === claims[next]!.vcpus) open.delete(next)
  }
  return counts
}

/**
 * The open VM that is furthest below its share (largest remainder); ties go to weight, then order.
 */
function mostDeserving(
  claims: readonly Claim[],
  counts: readonly number[],
  open: ReadonlySet<number>,
  pcpus: number,
): number {
  let total = 0
  claims.forEach((c) => (total += c.active ? c.weight : 0))
  let best = -1
  let bestLack = -Infinity
  for (const i of open) {
    const lack = (pcpus * claims[i]!.weight) / total - counts[i]!
    const wins = lack > bestLack + 1e-9 || (lack > bestLack - 1e-9 && heavier(claims, i, best))
    if (!wins) continue
    best = i
    bestLack = Math.max(lack, bestLack)
  }
  return best
}

const heavier = (claims: readonly Claim[], a: number, b: number): boolean =>
  b < 0 || claims[a]!.weight > claims[b]!.weight

/**
 * Places counts on pCPUs: a VM keeps the pCPUs it has, gives up the last ones, and takes free ones
 * of the socket where it has most. With no placement yet, large VMs choose first, so that a VM
 * stays within a socket where it can. Returns the pCPUs of each VM.
 */
export function placeVcpus(
  counts: readonly number[],
  current: readonly (readonly number[])[],
  topology: { readonly pcpus: number; readonly perSocket: number },
): readonly (readonly number[])[] {
  const placed = counts.map((n, i) => current[i]!.slice(0, n))
  const taken = new Set(placed.flat())
  const order = counts.map((_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b)
  for (const i of order) {
    while (placed[i]!.length < counts[i]!) {
      const p = bestFree(placed[i]!, taken, counts[i]! - placed[i]!.length, topology)
      if (p < 0) break
      placed[i]!.push(p)
      taken.add(p)
    }
  }
  return placed
}

function bestFree(
  own: readonly number[],
  taken: ReadonlySet<number>,
  lacking: number,
  { pcpus, perSocket }: { readonly pcpus: number; readonly perSocket: number },
): number {
  const sockets = Math.ceil(pcpus / perSocket)
  const free = new Array<number>(sockets).fill(0)
  const mine = new Array<number>(sockets).fill(0)
  for (let p = 0; p < pcpus; p++) if (!taken.has(p)) free[Math.floor(p / perSocket)]!++
  for (const p of own) mine[Math.floor(p / perSocket)]!++
  let best = -1
  for (let s = 0; s < sockets; s++) {
    if (free[s] === 0) continue
    if (
      best < 0 ||
      socketScore(mine[s]!, free[s]!, lacking) > socketScore(mine[best]!, free[best]!, lacking)
    )
      best = s
  }
  for (let p = best * perSocket; best >= 0 && p < pcpus; p++) if (!taken.has(p)) return p
  return -1
}

/** Prefers sockets where the VM is, then ones that hold all it lacks, the tightest of these. */
function socketScore(mine: number, free: number, lacking: number): number {
  return mine * 1e6 + (free >= lacking ? 1e5 - free : free)
}
