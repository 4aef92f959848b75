// Rows about a person are found by a keyed hash of the address, so that a suppression can outlive the erasure of
// the address itself. Its key belongs to the installation and never changes, unlike SECRET_KEY.
import { shortMac } from './short-mac.ts'

/** What a hash is of: equal values of two kinds have nothing in common. */
export type HashKind = 'address' | 'mailbox' | 'domain' | 'witness' | 'network'

/** HMAC-SHA-256, its first 16 bytes. */
export function hashAddress(addressKey: Buffer, kind: HashKind, value: string): Buffer {
  return shortMac(addressKey, Buffer.from(`${kind}\0${value}`))
}
