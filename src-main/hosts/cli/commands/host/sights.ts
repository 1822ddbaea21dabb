/** flexlab host facts, vms, journal, watch: what a host is, and what goes on there. */
import type { Command } from 'commander'
import { act, list, wholeNumber } from '../../cli.ts'
import { EXIT } from '../../exit-codes.ts'
import { printFacts, printJournal, SampleChanges, sampleText, vmLines } from '../../output/host.ts'

type Json = { json?: boolean }

const PERIOD_MS = 1000
const JOURNAL_ENTRIES = 20

/** Adds the commands. */
export function addSights(host: Command): void {
  addFacts(host)
  addVms(host)
  addJournal(host)
  addWatch(host)
}

function addFacts(host: Command): void {
  const command = host
    .command('facts <name>')
    .description('CPUs, caches, kernel, mitigations, KVM, QEMU: what every measured run keeps')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, name) => {
    const facts = await (await lab()).host.facts(name)
    if (options.json === true) terminal.json(facts)
    else printFacts(facts, terminal)
    return EXIT.ok
  })
}

function addVms(host: Command): void {
  const command = host
    .command('vms <name>')
    .description('the VMs of a host: vCPUs, where they may run, what is online, what answers')
    .option('--json', 'print JSON')
  act<Json>(command, async ({ lab, terminal, options }, name) => {
    const vms = await (await lab()).host.vms(name)
    if (options.json === true) terminal.json(vms)
    else for (const line of vmLines(vms)) terminal.print(line)
    return EXIT.ok
  })
}

function addJournal(host: Command): void {
  const command = host
    .command('journal <name>')
    .description('what was changed on a host, and who put it back')
    .option('--limit <n>', 'at most so many entries', wholeNumber(1, 1000), JOURNAL_ENTRIES)
    .option('--json', 'print JSON')
  act<Json & { limit: number }>(command, async ({ lab, terminal, options }, name) => {
    const entries = await (await lab()).host.journal(name, options.limit)
    if (options.json === true) terminal.json(entries)
    else printJournal(entries, terminal)
    return EXIT.ok
  })
}

type WatchOptions = Json & { vm: string[]; period: number }

function addWatch(host: Command): void {
  const command = host
    .command('watch <name>')
    .description('CPU use, waiting and switches of the VMs as they happen, until Ctrl-C')
    .option('--vm <names>', 'these VMs instead of all that run', list, [])
    .option('--period <ms>', 'time between samples', wholeNumber(100, 60_000), PERIOD_MS)
    .option('--json', 'print each sample as a line of JSON')
  act<WatchOptions>(command, async ({ lab, terminal, options, interrupts }, name) => {
    const { host: cases } = await lab()
    const watched = { vms: options.vm, periodMs: options.period }
    const changes = new SampleChanges()
    for await (const sample of cases.watch(name, watched, interrupts.signal)) {
      if (options.json === true) terminal.print(JSON.stringify(sample))
      else for (const line of changes.since(sample, sampleText)) terminal.print(line)
    }
    return EXIT.ok
  })
}
