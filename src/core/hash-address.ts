// Rows about a person are found by a keyed hash of the address, so that a suppression can outlive the erasure of
// the address itself. Its key belongs to the installation and never changes, unlike SECRET_KEY.
import { createHmac } from 'node:crypto'

/** 16 bytes. `kind` keeps an address and the mailbox it counts towards apart. */
export function hashAddress(addressKey: Buffer, kind: 'address' | 'mailbox', value: string): Buffer {
  return createHmac('sha256', addressKey).update(kind).update('\0').update(value).digest().subarray(0, 16)
}
