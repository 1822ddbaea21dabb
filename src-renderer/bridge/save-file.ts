/**
 * Saves bytes as a file of the user: a download in a browser, Electron's save dialog on the desktop
 * (the main process asks where; see hosts/electron/downloads).
 */

/** A file to save; its contents as base64 (as handlers give it), bytes or text. */
export type FileToSave = {
  readonly fileName: string
  /** E.g. `application/pdf`. */
  readonly mediaType: string
  readonly contents: { readonly base64: string } | Uint8Array<ArrayBuffer> | string
}

const REVOKE_AFTER_MS = 60_000

/** Offers the file to the user. */
export function saveFile(file: FileToSave): void {
  const url = URL.createObjectURL(new Blob([toBlobPart(file.contents)], { type: file.mediaType }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = file.fileName
  anchor.click()
  // The download reads the blob after click() returns; there is no event that says it is done.
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS)
}

function toBlobPart(contents: FileToSave['contents']): BlobPart {
  if (typeof contents === 'string' || contents instanceof Uint8Array) return contents
  return Uint8Array.from(atob(contents.base64), (character) => character.charCodeAt(0))
}
