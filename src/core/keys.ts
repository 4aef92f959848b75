// Everything secret is derived from SECRET_KEY by HKDF (RFC 5869), one key a purpose, so that a token made for
// one purpose is noise to every other, and nothing secret lies in the database.
import { hkdfSync } from 'node:crypto'

export type Purpose = 'confirm' | 'not-me' | 'unsubscribe' | 'return-path' | 'handle' | 'challenge' | 'shown'

/** One SECRET_KEY with what is derived from it. `id` names it in rows; it says nothing about the key. */
export type Key = { readonly id: string; readonly for: Readonly<Record<Purpose, Buffer>> }

/** The key that new tokens are made with, and every key that old ones may still be proven with. */
export type KeyRing = { readonly current: Key; readonly all: readonly Key[] }

function derive(secret: string, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'ayes', `ayes/1/${purpose}`, length))
}

function makeKey(secret: string): Key {
  return {
    id: derive(secret, 'key-id', 6).toString('hex'),
    for: {
      confirm: derive(secret, 'confirm', 32),
      'not-me': derive(secret, 'not-me', 32),
      unsubscribe: derive(secret, 'unsubscribe', 32),
      'return-path': derive(secret, 'return-path', 32),
      handle: derive(secret, 'handle', 32),
      challenge: derive(secret, 'challenge', 32),
      shown: derive(secret, 'shown', 32),
    },
  }
}

/** SECRET_KEY and SECRET_KEYS_OLD, newest first. */
export function openKeyRing(secret: string, old: readonly string[] = []): KeyRing {
  const current = makeKey(secret)
  return { current, all: [current, ...old.map(makeKey).filter((key) => key.id !== current.id)] }
}

export function keyById(ring: KeyRing, id: string): Key | null {
  return ring.all.find((key) => key.id === id) ?? null
}
