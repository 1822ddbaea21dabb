/** flexlab doctor: what works on this machine, what does not, and what to do about it. */
import type { Command } from 'commander'
import { LabError } from '../../../lab/index.ts'
import type { Lab } from '../../../lab/index.ts'
import { act } from '../cli.ts'
import type { Session } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import type { Style } from '../output/terminal.ts'

type Checks = Awaited<ReturnType<Lab['system']['doctor']>>

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
    const checks = await examine(lab)
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

/** All checks; a library that does not open is one of them, not the end of the others. */
async function examine(lab: Session<unknown>['lab']): Promise<Checks> {
  try {
    return await (await lab()).system.doctor()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const { message: detail, hint: fix } = error
    const checks = await (await lab(':memory:')).system.doctor()
    const broken = { name: 'library', status: 'failed', detail, fix } as const
    return checks.map((check) => (check.name === 'library' ? broken : check))
  }
}
