/** flexlab host: real hosts with VMs, how they are reached, and what is changed on them. */
import type { Command } from 'commander'
import { addChanges } from './changes.ts'
import { addPlaces } from './places.ts'
import { addSights } from './sights.ts'

/** Adds the commands. */
export function addHost(program: Command): void {
  const host = program
    .command('host')
    .description('real hosts with VMs: reach them, look at them, change them and put them back')
  addPlaces(host)
  addSights(host)
  addChanges(host)
}
