/** What opening a file does: a campaign goes into the builder, anything else is told in words. */
import type { FileKind } from '../../state/file-kind.ts'
import type { GivenFile } from '../../state/opened-files.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { strings } from '../../strings/index.ts'

const TOLD: readonly Exclude<FileKind, 'campaign'>[] = [
  'scenario',
  'workload',
  'scheme',
  'library',
  'archive',
  'trace',
  'unknown',
]

/** Opens files until the returned function is called. Nothing is ever run by opening one. */
export function handleFiles(workbench: Workbench): () => void {
  const { files, notices } = workbench
  const ends = [
    files.handle('campaign', (file) => openCampaign(workbench, file)),
    ...TOLD.map((kind) =>
      files.handle(kind, ({ name }) => notices.tell(strings.app.files[kind](name))),
    ),
  ]
  return () => ends.forEach((end) => end())
}

/** Puts a campaign into the builder; the draft that was there comes back with Undo. */
function openCampaign({ draft, router, notices }: Workbench, { name, text }: GivenFile): void {
  if (text === null) return
  const before = draft.text
  draft.load(text)
  router.go('campaign')
  notices.say(
    strings.app.files.opened(name),
    async () => draft.load(before),
    async () => draft.load(text),
  )
}
