/**
 * Saving files: the page offers a download of bytes it holds (see src-renderer/bridge/save-file),
 * and the system's own dialog asks where to. A download from anywhere else is refused.
 */
import path from 'node:path'
import type { DownloadItem, FileFilter, Session } from 'electron'
import { APP_ORIGIN } from '../../core/contract/desktop.ts'

/** The part of a download that is decided on. */
export type OfferedDownload = Pick<
  DownloadItem,
  'getURL' | 'getFilename' | 'setSaveDialogOptions' | 'cancel'
>

const KINDS: Record<string, string> = {
  csv: 'CSV table',
  flexlab: 'FlexCore Lab archive',
  json: 'JSON',
  md: 'Markdown',
  pdf: 'PDF document',
  png: 'PNG picture',
  svg: 'SVG drawing',
  yaml: 'Campaign file',
}

/** Asks where to save what our page offers; `folder` is where the dialog opens. */
export function onDownload(item: OfferedDownload, folder: string): void {
  if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) {
    item.cancel()
    return
  }
  // Only the last part of the name counts, so that a page cannot aim at another folder.
  const fileName = path.basename(item.getFilename().replaceAll('\\', '/'))
  item.setSaveDialogOptions({
    title: 'Save as',
    defaultPath: path.join(folder, fileName),
    filters: filtersFor(path.extname(fileName).slice(1).toLowerCase()),
  })
}

/** Handles every download of a session. */
export function handleDownloads(session: Pick<Session, 'on'>, folder: () => string): void {
  session.on('will-download', (_event, item) => onDownload(item, folder()))
}

function filtersFor(extension: string): FileFilter[] {
  const all = { name: 'All files', extensions: ['*'] }
  const kind = KINDS[extension]
  return kind === undefined ? [all] : [{ name: kind, extensions: [extension] }, all]
}
