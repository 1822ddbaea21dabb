/** JSON that the library holds. It was valid when written, so if it is not, it is damaged. */
import { LabError } from '../core/base/lab-error.ts'

/** The value of a stored JSON text. LabError `store` when the text is no JSON any more. */
export function readJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    throw new LabError(
      'store',
      'the library is damaged: a record in it cannot be read',
      'restore the latest backup; the damaged file is kept',
    )
  }
}
