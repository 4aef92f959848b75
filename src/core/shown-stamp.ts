// When a form of ours was given out, in a hidden field that nobody else can write: six bytes of time, ten of a MAC.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Key, KeyRing } from './keys.ts'

const timeBytes = 6
const macBytes = 10
const lifeMs = 24 * 60 * 60 * 1000

function mac(key: Key, time: Buffer): Buffer {
  return createHmac('sha256', key.for.shown).update(time).digest().subarray(0, macBytes)
}

/** 22 characters of base64url. */
export function makeShownStamp(ring: KeyRing, now: Date): string {
  const time = Buffer.alloc(timeBytes)
  time.writeUIntBE(now.getTime(), 0, timeBytes)
  return Buffer.concat([time, mac(ring.current, time)]).toString('base64url')
}

/** Null for anything that we did not write, in its one spelling, and for a stamp older than a day. */
export function readShownStamp(ring: KeyRing, text: string, now: Date): Date | null {
  const bytes = Buffer.from(text.slice(0, 100), 'base64url')
  if (bytes.length !== timeBytes + macBytes || bytes.toString('base64url') !== text) return null
  const time = bytes.subarray(0, timeBytes)
  if (!ring.all.some((key) => timingSafeEqual(mac(key, time), bytes.subarray(timeBytes)))) return null
  const shownAt = new Date(time.readUIntBE(0, timeBytes))
  return now.getTime() - shownAt.getTime() > lifeMs ? null : shownAt
}
