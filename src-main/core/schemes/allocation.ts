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
 * what a capped VM leaves goes to the others by weight. Idle VMs get 1, which the active ones'
 * shares do without; Σ n_i ≤ max(P, number of VMs).
 */
export function allocateVcpus(pcpus: number, claims: readonly Claim[]): readonly number[] {
  const shares = exactShares(pcpus, claims)
  const counts = claims.map(() => 1)
  for (let free = pcpus - claims.length; free > 0; free--) {
    const next = mostDeserving(claims, shares, counts)
    if (next < 0) break
    counts[next]!++
  }
  return counts
}

/**
 * Shares by weight between 1 and each VM's vCPUs; what the bounds take or leave is shared again.
 */
function exactShares(pcpus: number, claims: readonly Claim[]): readonly number[] {
  const shares = claims.map(() => 1)
  let open = claims.flatMap((c, i) => (c.active ? [i] : []))
  while (open.length > 0) {
    const weight = sum(open.map((i) => claims[i]!.weight))
    const pool = pcpus - sum(shares) + sum(open.map((i) => shares[i]!))
    const wanted = new Map(open.map((i) => [i, (pool * claims[i]!.weight) / weight]))
    for (const [i, w] of wanted) shares[i] = Math.min(claims[i]!.vcpus, Math.max(1, w))
    const excess = sum(open.map((i) => shares[i]! - wanted.get(i)!))
    const isBound = (i: number): boolean =>
      excess > 0 ? shares[i]! > wanted.get(i)! : shares[i]! < wanted.get(i)!
    if (!open.some(isBound)) break
    open = open.filter((i) => !isBound(i))
  }
  return shares
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0)

/** The VM that can use one more and is furthest below its share; ties go to weight, then order. */
function mostDeserving(
  claims: readonly Claim[],
  shares: readonly number[],
  counts: readonly number[],
): number {
  let best = -1
  let bestLack = -Infinity
  claims.forEach((claim, i) => {
    if (!claim.active || counts[i]! >= claim.vcpus) return
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
