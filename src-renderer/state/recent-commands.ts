/** Recent commands: what was chosen in the palette last stands first; kept in this browser. */

const KEY = 'flexlab.recent-commands'
const KEPT_MAX = 12

/** Ids of the commands chosen last, newest first. */
export function recentCommands(): readonly string[] {
  try {
    const read: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(read) ? read.filter((id) => typeof id === 'string') : []
  } catch {
    // What somebody else wrote there is no list of ours.
    return []
  }
}

/** Puts a command in front. */
export function rememberCommand(id: string): void {
  const kept = [id, ...recentCommands().filter((one) => one !== id)].slice(0, KEPT_MAX)
  window.localStorage.setItem(KEY, JSON.stringify(kept))
}
