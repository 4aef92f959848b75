// Where a page of a collection ends. Opaque to whoever asks for the next one.

/** base64url of the key of the page's last item. */
export function writePageCursor(key: Uint8Array): string {
  return Buffer.from(key).toString('base64url')
}

/** Null for anything that we did not write. `length`: bytes, where all keys have the same. */
export function readPageCursor(text: string, length: number | null = null): Buffer | null {
  if (text.length > 200) return null
  const key = Buffer.from(text, 'base64url')
  const isOurs = key.length > 0 && key.toString('base64url') === text && (length ?? key.length) === key.length
  return isOurs ? key : null
}
