// Files of a host's /proc, /sys and /etc, recorded on a real one, as a folder of their own.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { HostFiles } from '../../src-main/agent/proc/host-files.ts'

/** Texts by path; a text that starts with `→` is a link. `null` takes a recorded file away. */
export type Tree = Readonly<Record<string, string | null>>

/** A tree that was recorded: test/agent/trees/NAME.json. */
export function recordedTree(name: string): Tree {
  return JSON.parse(readFileSync(`test/agent/trees/${name}.json`, 'utf8')) as Tree
}

/** A folder with these files. Call `remove` when done. */
export function hostTree(tree: Tree): { readonly files: HostFiles; readonly remove: () => void } {
  const root = mkdtempSync(path.join(os.tmpdir(), 'flexlab-tree-'))
  for (const [name, text] of Object.entries(tree)) {
    if (text === null) continue
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    if (text.startsWith('→')) symlinkSync(text.slice(1), file)
    else writeFileSync(file, text)
  }
  return {
    files: new HostFiles(root),
    remove: () => {
      rmSync(root, { recursive: true, force: true })
    },
  }
}
