import { decodeWords } from 'postal-mime'

/** Text with its encoded words (RFC 2047) undone. */
export function readWords(text: string): string {
  return text.includes('=?') ? decodeWords(text) : text
}

/** Bytes held as latin1 that are valid UTF-8 beyond ASCII, as text; null for any others. */
export function asUtf8(bytes: string): string | null {
  if (!/[\x80-\xff]/.test(bytes)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return null
  }
}

/** A header value, held as bytes, as text: UTF-8 (RFC 6532) and encoded words undone. */
export function readHeaderText(bytes: string): string {
  return readWords(asUtf8(bytes) ?? bytes)
}
