/** How a single simulation is followed in a terminal, and stopped by Ctrl-C. */
import type { Interrupts } from './interrupts.ts'
import { countText, percentText } from './output/quantities.ts'
import type { Terminal } from './output/terminal.ts'

/** What a use case that simulates is given. */
export const followed = (terminal: Terminal, { signal }: Interrupts) => ({
  signal,
  onProgress: ({ fraction, events }: { readonly fraction: number; readonly events: number }) =>
    terminal.status(`${percentText(fraction, 0)} · ${countText(events)} events`),
})
