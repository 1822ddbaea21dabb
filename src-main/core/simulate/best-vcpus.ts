/**
 * best-vcpus: the best static number of vCPUs for a scenario, found by trying each. The paper gives
 * each VM its best number too (Song et al., APSys 2013), and does not say how one would know it:
 * this is what could be had at most, not what a running host could do.
 */
import type { Scenario } from '../contract/scenario.ts'

/** Numbers that are tried at most; beyond, as many evenly spread ones. */
const TRIALS_MAX = 16
/** The choice must not be fitted to the draws of the run that is judged. */
const SEED_SHIFT = 2 ** 31

/** Does the scenario ask for the best number? */
export const seeksBestVcpus = ({ scheme }: Scenario): boolean =>
  scheme.id === 'vcpu-bal' && scheme.params.search === true

/** The scenario with that number for each VM. */
export const withVcpus = (scenario: Scenario, vcpus: number): Scenario => ({
  ...scenario,
  scheme: { ...scenario.scheme, params: { vcpus } },
})

/** Numbers to try, ascending, with the largest. */
export function numbersToTry({ vms }: Scenario): readonly number[] {
  const most = Math.max(...vms.map((vm) => vm.vcpus))
  const trials = Math.min(most, TRIALS_MAX)
  return Array.from({ length: trials }, (_, i) => Math.round((most * (i + 1)) / trials))
}

/** The number whose trial takes least time by `timeOf`, the smallest of equals. */
export function bestVcpus(
  scenario: Scenario,
  timeOf: (trial: Scenario, i: number) => number,
): number {
  const numbers = numbersToTry(scenario)
  const seed = (scenario.seed + SEED_SHIFT) % 2 ** 32
  const times = numbers.map((n, i) => timeOf({ ...withVcpus(scenario, n), seed }, i))
  return numbers[times.indexOf(Math.min(...times))]!
}
