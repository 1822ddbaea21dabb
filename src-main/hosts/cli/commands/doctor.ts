/** flexlab doctor: what works on this machine, what does not, and what to do about it. */
import type { Command } from 'commander'
import { act } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import type { Style } from '../output/terminal.ts'

const MARKS: Record<'ok' | 'warning' | 'failed', { mark: string; style: Style }> = {
  ok: { mark: '✓', style: 'cyan' },
  warning: { mark: '!', style: 'yellow' },
  failed: { mark: '✗', style: 'red' },
}

/** Adds the command. */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check this machine; each problem comes with its fix')
    .option('--json', 'print JSON')
  act<{ json?: boolean }>(command, async ({ lab, terminal, options }) => {
    const checks = await (await lab()).system.doctor()
    if (options.json === true) terminal.json(checks)
    else {
      for (const { name, status, detail, fix } of checks) {
        const { mark, style } = MARKS[status]
        terminal.print(`${terminal.paint(style, mark)} ${name.padEnd(10)} ${detail}`)
        if (fix !== '') terminal.print(`  ${' '.repeat(10)} fix: ${fix}`)
      }
    }
    return checks.some((check) => check.status === 'failed') ? EXIT.unavailable : EXIT.ok
  })
}
