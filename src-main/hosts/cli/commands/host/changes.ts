/** flexlab host plan, apply, restore: what a scheme changes on a host, and the way back. */
import type { Command } from 'commander'
import { once } from 'node:events'
import { InvalidArgumentError } from 'commander'
import type { HostPlan, Restored } from '../../../../core/contract/agent/change.ts'
import { parseCpus } from '../../../../core/base/cpu-list.ts'
import type { SchemeRef } from '../../../../core/contract/scenario.ts'
import { LabError } from '../../../../lab/index.ts'
import { consents } from '../../ask.ts'
import { act, list } from '../../cli.ts'
import { EXIT } from '../../exit-codes.ts'
import { printPlan, restoredText } from '../../output/host.ts'
import { schemeOption } from '../../scheme-option.ts'

type Json = { json?: boolean }
type SchemeOptions = Json & { scheme: SchemeRef; vm: string[]; pcpus?: number[] }

/** Adds the commands. */
export function addChanges(host: Command): void {
  addPlan(host)
  addApply(host)
  addRestore(host)
}

/** The options by which a scheme is asked for. */
const withScheme = (command: Command): Command =>
  command
    .requiredOption('--scheme <scheme>', 'e.g. pin, or "flexcore(resize=hotplug)"', schemeOption)
    .requiredOption('--vm <names>', 'the VMs that it is for: a,b', list)
    .option('--pcpus <list>', 'pCPUs to share among them, e.g. 0-3; all unless given', cpuList)
    .option('--json', 'print JSON')

function cpuList(text: string): number[] {
  const parsed = parseCpus(text)
  if (parsed.ok && parsed.value.length > 0) return parsed.value
  throw new InvalidArgumentError('It must be like 0-3,8.')
}

const requestOf = (name: string, { scheme, vm, pcpus }: SchemeOptions) => ({
  name,
  scheme,
  vms: vm,
  ...(pcpus === undefined ? {} : { pcpus }),
})

function addPlan(host: Command): void {
  const command = host
    .command('plan <name>')
    .description('every command, file and setting that a scheme would touch; changes nothing')
  act<SchemeOptions>(withScheme(command), async ({ lab, terminal, options }, name) => {
    const plan = await (await lab()).host.plan(requestOf(name, options))
    if (options.json === true) terminal.json(plan)
    else printPlan(plan, terminal)
    return plan.refusals.length > 0 ? EXIT.conflict : EXIT.ok
  })
}

function addApply(host: Command): void {
  const command = host
    .command('apply <name>')
    .description('apply a scheme, hold it until Ctrl-C, then put the host back')
    .option('--yes', 'do not ask after showing what would be changed')
  act<SchemeOptions & { yes?: boolean }>(withScheme(command), async (session, name) => {
    const { terminal, options, interrupts } = session
    const { host: cases } = await session.lab()
    const request = requestOf(name, options)
    const plan = await cases.plan(request)
    if (options.json !== true) printPlan(plan, terminal)
    requireFeasible(plan)
    const otherwise = 'look at it with: flexlab host plan; then: flexlab host apply --yes'
    const isWanted = options.yes === true || (await consents('Apply this?', interrupts, otherwise))
    if (!isWanted) throw new LabError('cancelled', 'nothing was changed')
    const applied = await cases.apply({ ...request, planId: plan.id })
    terminal.say(`applied in ${Math.round(applied.tookMs)} ms; Ctrl-C puts the host back`)
    const stopped = interrupts.signal.aborted || once(interrupts.signal, 'abort')
    const lost = await Promise.race([stopped, cases.ended(name)])
    if (lost instanceof LabError) throw lost
    const restored = await cases.restore(name)
    if (options.json === true) terminal.json({ plan, applied, restored })
    else terminal.print(restoredText(restored))
    return EXIT.ok
  })
}

/** @throws LabError `conflict` when the plan cannot be applied */
function requireFeasible({ scheme, refusals }: HostPlan): void {
  if (refusals.length === 0) return
  throw new LabError('conflict', `${scheme} cannot be applied: ${refusals.join('; ')}`)
}

function addRestore(host: Command): void {
  const command = host
    .command('restore <name>')
    .description('put a host back; harmless when nothing is applied')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, name) => {
    const restored: Restored = await (await lab()).host.restore(name)
    if (options.json === true) terminal.json(restored)
    else terminal.print(restoredText(restored))
    return EXIT.ok
  })
}
