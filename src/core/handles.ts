// A handle lets whoever made a signup follow its letter and learn nothing else: it is sealed (AES-256-GCM), made
// anew for each answer, and of one length whatever it stands for, so that a known address looks like a new one.
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import type { KeyRing } from './keys.ts'
import { bytesToUuid, uuidToBytes } from './tokens.ts'

/**
 * `letter`: follow this letter. `quiet`: no letter may be followed; it passes for sent `sentAfter` milliseconds
 * after `issuedAt`. `suppressed`: the address whose hash this is lately had no mailbox.
 */
export type Handle = { readonly listId: number; readonly issuedAt: Date } & HandleSubject
export type HandleSubject =
  | { readonly kind: 'letter'; readonly letterId: string }
  | { readonly kind: 'quiet'; readonly sentAfter: number }
  | { readonly kind: 'suppressed'; readonly addressHash: Buffer }

const kinds = ['letter', 'quiet', 'suppressed'] as const
const nonceBytes = 12
const tagBytes = 16
const bodyBytes = 1 + 6 + 4 + 16
const lifeMs = 24 * 60 * 60 * 1000

function subject(handle: HandleSubject): Buffer {
  if (handle.kind === 'letter') return uuidToBytes(handle.letterId)
  if (handle.kind === 'suppressed') return handle.addressHash
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(Math.min(handle.sentAfter, 0xffffffff), 0)
  return bytes
}

// Random bytes are fetched for many nonces at a time, and each is used once.
const noncePool = Buffer.alloc(nonceBytes * 256)
let nonceAt = noncePool.length

function nextNonce(): Buffer {
  if (nonceAt === noncePool.length) {
    randomFillSync(noncePool)
    nonceAt = 0
  }
  nonceAt += nonceBytes
  return noncePool.subarray(nonceAt - nonceBytes, nonceAt)
}

/** 74 characters of base64url. */
export function sealHandle(ring: KeyRing, handle: Handle): string {
  const body = Buffer.alloc(bodyBytes)
  body.writeUInt8(kinds.indexOf(handle.kind), 0)
  body.writeUIntBE(handle.issuedAt.getTime(), 1, 6)
  body.writeUInt32BE(handle.listId, 7)
  subject(handle).copy(body, 11)
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', ring.current.for.handle, nonce)
  return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

function open(key: Buffer, sealed: Buffer): Buffer | null {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  cipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes, -tagBytes)), cipher.final()])
  } catch {
    return null
  }
}

/** Null for anything that we did not seal, and for a handle older than 24 hours. */
export function openHandle(ring: KeyRing, text: string, now: Date): Handle | null {
  const sealed = Buffer.from(text.slice(0, 200), 'base64url')
  if (sealed.length !== nonceBytes + bodyBytes + tagBytes || sealed.toString('base64url') !== text)
    return null
  for (const key of ring.all) {
    const body = open(key.for.handle, sealed)
    if (body === null) continue
    const issuedAt = new Date(body.readUIntBE(1, 6))
    if (now.getTime() - issuedAt.getTime() > lifeMs) return null
    const about = { listId: body.readUInt32BE(7), issuedAt }
    const rest = body.subarray(11)
    const kind = kinds[body.readUInt8(0)]
    if (kind === 'letter') return { kind, letterId: bytesToUuid(rest), ...about }
    if (kind === 'quiet') return { kind, sentAfter: rest.readUInt32BE(0), ...about }
    if (kind === 'suppressed') return { kind, addressHash: rest, ...about }
  }
  return null
}
