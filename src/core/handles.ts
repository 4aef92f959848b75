// A handle lets whoever made a signup follow its letter and learn nothing else: it is sealed (AES-256-GCM), made
// anew for each answer, and of one length whatever it stands for, so that a known address looks like a new one.
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import type { KeyRing } from './keys.ts'
import { bytesToUuid, uuidToBytes } from './tokens.ts'

/**
 * `letter`: follow this letter. `quiet`: no letter may be followed; it passes for sent `sentAfter` milliseconds
 * after `issuedAt`, unless letters to `domain` (the first bytes of its hash) are held. `suppressed`: the address whose hash this is lately had no mailbox.
 */
export type Handle = {
  readonly listId: number
  readonly issuedAt: Date
  /** Two letters (ISO 639-1): the language that the signup was made in. */
  readonly language?: string
} & HandleSubject
export type HandleSubject =
  | { readonly kind: 'letter'; readonly letterId: string }
  | { readonly kind: 'quiet'; readonly sentAfter: number; readonly domain?: Buffer }
  | { readonly kind: 'suppressed'; readonly addressHash: Buffer }

const kinds = ['letter', 'quiet', 'suppressed'] as const
const nonceBytes = 12
const tagBytes = 16
const bodyBytes = 1 + 6 + 4 + 16
export const domainBytes = 12
const noDomain = Buffer.alloc(domainBytes)
/** In the year 2527. Above it, and above the two bits of the kind, there is room for the language. */
const farFuture = 2 ** 44
const lifeMs = 24 * 60 * 60 * 1000

function subject(handle: HandleSubject): Buffer {
  if (handle.kind === 'letter') return uuidToBytes(handle.letterId)
  if (handle.kind === 'suppressed') return handle.addressHash
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(Math.min(handle.sentAfter, 0xffffffff), 0)
  handle.domain?.copy(bytes, 4, 0, domainBytes)
  return bytes
}

/** 1 to 676, aa to zz; 0 for none. */
function numberOf(language = ''): number {
  if (!/^[a-z]{2}$/.test(language)) return 0
  return (language.charCodeAt(0) - 97) * 26 + language.charCodeAt(1) - 96
}

function languageOf(number: number): { language?: string } {
  if (number === 0) return {}
  return { language: String.fromCharCode(97 + Math.floor((number - 1) / 26), 97 + ((number - 1) % 26)) }
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
  const language = numberOf(handle.language)
  body.writeUInt8(kinds.indexOf(handle.kind) + 4 * (language % 64), 0)
  body.writeUIntBE(handle.issuedAt.getTime() + farFuture * Math.floor(language / 64), 1, 6)
  body.writeUInt32BE(handle.listId, 7)
  subject(handle).copy(body, 11)
  const nonce = nextNonce()
  const cipher = createCipheriv('aes-256-gcm', ring.current.for.handle, nonce)
  const sealed = Buffer.alloc(nonceBytes + bodyBytes + tagBytes)
  nonce.copy(sealed, 0)
  cipher.update(body).copy(sealed, nonceBytes)
  cipher.final()
  cipher.getAuthTag().copy(sealed, nonceBytes + bodyBytes)
  return sealed.toString('base64url')
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

function domainIn(rest: Buffer): { domain?: Buffer } {
  const domain = rest.subarray(4, 4 + domainBytes)
  return domain.equals(noDomain) ? {} : { domain }
}

/** Null for anything that we did not seal, and for a handle older than 24 hours. */
export function openHandle(ring: KeyRing, text: string, now: Date): Handle | null {
  const sealed = Buffer.from(text.slice(0, 200), 'base64url')
  if (sealed.length !== nonceBytes + bodyBytes + tagBytes || sealed.toString('base64url') !== text)
    return null
  for (const key of ring.all) {
    const body = open(key.for.handle, sealed)
    if (body === null) continue
    const moment = body.readUIntBE(1, 6)
    const issuedAt = new Date(moment % farFuture)
    if (now.getTime() - issuedAt.getTime() > lifeMs) return null
    const number = Math.floor(body.readUInt8(0) / 4) + 64 * Math.floor(moment / farFuture)
    const about = { listId: body.readUInt32BE(7), issuedAt, ...languageOf(number) }
    const rest = body.subarray(11)
    const kind = kinds[body.readUInt8(0) % 4]
    if (kind === 'letter') return { kind, letterId: bytesToUuid(rest), ...about }
    if (kind === 'quiet') return { kind, sentAfter: rest.readUInt32BE(0), ...domainIn(rest), ...about }
    if (kind === 'suppressed') return { kind, addressHash: rest, ...about }
  }
  return null
}
