/**
 * Our own programs for guests, as C sources. From the source tree they are read; in the agent's
 * bundle, which is one file, the build has put their text here (vite.config.ts).
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Text of each program. */
export const PROGRAM_SOURCES = {
  'flexlab-launch': readFileSync(path.join(import.meta.dirname, 'flexlab-launch.c'), 'utf8'),
  'flexlab-micro': readFileSync(path.join(import.meta.dirname, 'flexlab-micro.c'), 'utf8'),
} as const

/** A program of our own. */
export type OwnProgram = keyof typeof PROGRAM_SOURCES
