/** Questions on the terminal; a command that has none must be told beforehand. */
import { createInterface } from 'node:readline/promises'
import { LabError } from '../../lab/index.ts'
import type { Interrupts } from './interrupts.ts'

/** Whether there is somebody to ask. */
const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/**
 * Asks for consent; only `yes` in full is one.
 * @throws LabError `conflict` where there is no terminal, with `otherwise` as the hint
 */
export async function consents(
  question: string,
  { signal }: Interrupts,
  otherwise: string,
): Promise<boolean> {
  if (!canAsk())
    throw new LabError('conflict', 'this needs consent, and there is no terminal', otherwise)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${question} (yes/no) `, { signal })
    return answer.trim().toLowerCase() === 'yes'
  } catch (error) {
    if (!signal.aborted) throw error
    throw new LabError('cancelled', 'cancelled before anything was done')
  } finally {
    terminal.close()
  }
}
