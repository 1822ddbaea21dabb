/**
 * Our programs in a guest: pushed through its agent when they are not there yet, into a folder that
 * goes with its next boot. Nothing of the guest itself is changed.
 */
import { readFile } from 'node:fs/promises'
import { LabError } from '../../core/base/lab-error.ts'
import { runInGuest } from '../backend/guest-exec.ts'
import { writeGuestFile } from '../backend/guest-files.ts'
import type { Guest } from '../backend/guest.ts'
import type { OwnProgram } from '../micro/sources.ts'
import { buildName, type HostBuilds } from './host-builds.ts'

/** In memory on most systems; some mount one or the other without the right to execute. */
const FOLDERS = ['/run/flexlab', '/dev/shm/flexlab', '/tmp/flexlab']
const EXEC_MS = 20_000

/** Knows what has been pushed where. */
export class GuestPrograms {
  readonly #builds: HostBuilds
  readonly #places = new WeakMap<Guest, Map<OwnProgram, Promise<string>>>()

  constructor(builds: HostBuilds) {
    this.#builds = builds
  }

  /** A program's path in the guest. @throws LabError `unavailable` when it cannot be had there */
  path(guest: Guest, program: OwnProgram): Promise<string> {
    const places = this.#places.get(guest) ?? new Map<OwnProgram, Promise<string>>()
    this.#places.set(guest, places)
    const place = places.get(program) ?? this.#place(guest, program)
    places.set(program, place)
    place.catch(() => places.delete(program))
    return place
  }

  async #place(guest: Guest, program: OwnProgram): Promise<string> {
    const name = buildName(program)
    for (const folder of FOLDERS) {
      if (await runs(guest, `${folder}/${name}`)) return `${folder}/${name}`
    }
    const bytes = await readFile(await this.#builds.path(program))
    for (const folder of FOLDERS) {
      if (await push(guest, folder, name, bytes)) return `${folder}/${name}`
    }
    throw new LabError('unavailable', `no folder of ${FOLDERS.join(', ')} runs our programs`)
  }
}

/** Whether it is there and a program of this guest's processor. */
async function runs(guest: Guest, file: string): Promise<boolean> {
  return succeeds(guest, [file, '--version'])
}

/** Written under another name first, so that half of it is never taken for the whole. */
async function push(guest: Guest, folder: string, name: string, bytes: Uint8Array) {
  if (!(await succeeds(guest, ['mkdir', '-p', '-m', '700', folder]))) return false
  const unfinished = `${folder}/${name}.part`
  await writeGuestFile(guest, unfinished, bytes)
  if (!(await succeeds(guest, ['chmod', '700', unfinished]))) return false
  if (!(await succeeds(guest, ['mv', unfinished, `${folder}/${name}`]))) return false
  return runs(guest, `${folder}/${name}`)
}

async function succeeds(guest: Guest, argv: readonly string[]): Promise<boolean> {
  try {
    const { code } = await runInGuest(guest, { argv }, EXEC_MS)
    return code === 0
  } catch (error) {
    // The guest agent refuses to start what is not there or may not be executed.
    if (error instanceof LabError && error.code === 'conflict') return false
    throw error
  }
}
