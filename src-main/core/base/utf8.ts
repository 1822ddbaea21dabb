/**
 * UTF-8 by the platform's own codec (WHATWG Encoding), which Node and browsers share. The core is
 * checked without the DOM's and Node's types, so the little that is used of it is declared here.
 */
declare const TextEncoder: new () => { encode: (text: string) => Uint8Array }
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean },
) => { decode: (bytes: Uint8Array) => string }

/** Bytes of a text. */
export const encodeUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Text of bytes; undefined when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
