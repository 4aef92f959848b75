// Rows about a person are found by a keyed hash of the address, so that a suppression can outlive the erasure of
// the address itself. Its key belongs to the installation and never changes, unlike SECRET_KEY.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/** Keys as OpenSSL takes them: made anew for each hash they would cost nearly as much as the hash. */
const prepared = new WeakMap<Buffer, KeyObject>()

/** What a hash is of: equal values of two kinds have nothing in common. */
export type HashKind = 'address' | 'mailbox' | 'domain' | 'witness' | 'network'

/** 16 bytes. */
export function hashAddress(addressKey: Buffer, kind: HashKind, value: string): Buffer {
  let key = prepared.get(addressKey)
  if (key === undefined) {
    key = createSecretKey(addressKey)
    prepared.set(addressKey, key)
  }
  return createHmac('sha256', key).update(`${kind}\0${value}`).digest().subarray(0, 16)
}
