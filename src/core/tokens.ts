// Tokens name a row and prove that we wrote the name: 16 bytes of the row's UUID, then a truncated HMAC-SHA-256.
// Derived, never stored: a retried letter carries the same link, and a stolen database opens none.
import { timingSafeEqual } from 'node:crypto'
import { type Base32Token, readBase32, writeBase32 } from './base32.ts'
import type { Key, KeyRing, Purpose } from './keys.ts'
import { shortMac } from './short-mac.ts'

export type LinkPurpose = Extract<Purpose, 'confirm' | 'not-me' | 'unsubscribe'>

/** What a genuine token says: the row, and which key it was made with. */
export type Proven = { readonly id: string; readonly keyId: string }

const idBytes = 16
const linkMacBytes = 16
/** 80 bits: the local part of a return path must stay below 64 characters (RFC 5321, 4.5.3.1.1). */
const returnMacBytes = 10

function mac(key: Buffer, id: Buffer, length: number): Buffer {
  return shortMac(key, id).subarray(0, length)
}

export function uuidToBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

export function bytesToUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function write(key: Key, purpose: Purpose, uuid: string, macBytes: number): Buffer {
  const id = uuidToBytes(uuid)
  return Buffer.concat([id, mac(key.for[purpose], id, macBytes)])
}

/** Every key is tried, and each comparison takes the same time whatever the bytes. */
function prove(ring: KeyRing, purpose: Purpose, bytes: Buffer, macBytes: number): Proven | null {
  if (bytes.length !== idBytes + macBytes) return null
  const id = bytes.subarray(0, idBytes)
  const given = bytes.subarray(idBytes)
  let proven: Proven | null = null
  for (const key of ring.all) {
    if (timingSafeEqual(mac(key.for[purpose], id, macBytes), given)) {
      proven = { id: bytesToUuid(id), keyId: key.id }
    }
  }
  return proven
}

/** 43 characters of base64url (RFC 4648, 5) for a link. */
export function makeLinkToken(key: Key, purpose: LinkPurpose, uuid: string): string {
  return write(key, purpose, uuid, linkMacBytes).toString('base64url')
}

/** Only the one spelling that we write is valid: a decoder that forgives would make many tokens of one. */
export function readLinkToken(ring: KeyRing, purpose: LinkPurpose, token: string): Proven | null {
  if (token.length !== 43) return null
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.toString('base64url') !== token) return null
  return prove(ring, purpose, bytes, linkMacBytes)
}

/** 42 characters of lower-case base32 that name a letter in its envelope sender, Message-ID and X-Ayes-Letter. */
export function makeReturnToken(key: Key, letterId: string): Base32Token {
  return writeBase32(write(key, 'return-path', letterId, returnMacBytes))
}

/** Mail servers change the case of a local part, so any case is accepted here. */
export function readReturnToken(ring: KeyRing, token: string): Proven | null {
  // asked before toLowerCase, which makes a k of the Kelvin sign
  if (!/^[a-z2-7]{42}$/i.test(token)) return null
  const bytes = readBase32(token.toLowerCase())
  return bytes === null ? null : prove(ring, 'return-path', bytes, returnMacBytes)
}

export const returnTokenLength = 42
const candidate = /(?<![a-z2-7])[a-z2-7]{42}(?![a-z2-7])/gi

/** The first genuine return token that stands in one of the strings, which are tried in their order. */
export function findReturnToken(ring: KeyRing, strings: readonly string[]): Proven | null {
  for (const text of strings) {
    for (const match of text.slice(0, 2000).matchAll(candidate)) {
      const proven = readReturnToken(ring, match[0])
      if (proven !== null) return proven
    }
  }
  return null
}
