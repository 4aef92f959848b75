// A message as it comes in: its beginning is kept, the rest is counted and dropped.
import type { SMTPServerDataStream } from 'smtp-server'
import type { ListenerLimits } from './limits.ts'

export type Reading =
  | { readonly kind: 'message'; readonly raw: Buffer }
  | { readonly kind: 'too-large' }
  /** The sender went away, or goes on without an end. */
  | { readonly kind: 'broken-off' }

export async function readMessage(
  stream: SMTPServerDataStream,
  limits: Pick<ListenerLimits, 'keptBytes' | 'messageBytes'>,
): Promise<Reading> {
  const kept: Buffer[] = []
  let size = 0
  try {
    for await (const part of stream) {
      const chunk: Buffer = part
      const room = limits.keptBytes - size
      // Copied: a part of a chunk would hold the memory of the whole chunk.
      if (room > 0) kept.push(Buffer.from(chunk.subarray(0, room)))
      size += chunk.length
      if (size > limits.messageBytes) kept.length = 0
      // Its sender would hear of the limit at the end only: one that goes on as long again is cut.
      if (size > 2 * limits.messageBytes) return { kind: 'broken-off' }
    }
  } catch {
    return { kind: 'broken-off' }
  }
  return size > limits.messageBytes ? { kind: 'too-large' } : { kind: 'message', raw: Buffer.concat(kept) }
}
