import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openKeyRing } from '../../src/core/keys.ts'
import { makeShownStamp, readShownStamp } from '../../src/core/shown-stamp.ts'

const ring = openKeyRing('a secret key that is long enough to be one')
const other = openKeyRing('another secret key, long enough as well')
const now = new Date('2026-11-24T12:00:00.123Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const day = 86_400_000

test('a stamp says when it was made, for a day', () => {
  const stamp = makeShownStamp(ring, now)
  expect(stamp).toMatch(/^[\w-]{22}$/)
  expect(readShownStamp(ring, stamp, now)).toEqual(now)
  expect(readShownStamp(ring, stamp, later(day))).toEqual(now)
  expect(readShownStamp(ring, stamp, later(day + 1))).toBeNull()
})

test('a stamp of an old key counts, one of another installation does not', () => {
  const stamp = makeShownStamp(ring, now)
  const changed = openKeyRing('another secret key, long enough as well', [
    'a secret key that is long enough to be one',
  ])
  expect(readShownStamp(changed, stamp, now)).toEqual(now)
  expect(readShownStamp(other, stamp, now)).toBeNull()
})

test('nothing else is a stamp, in no other spelling either', () => {
  const stamp = makeShownStamp(ring, now)
  for (const text of ['', `${stamp}=`, `${stamp} `, stamp.slice(1), `A${stamp}`, stamp.repeat(9)]) {
    expect(readShownStamp(ring, text, now), text).toBeNull()
  }
  fc.assert(
    fc.property(fc.nat(21), fc.constantFrom(...'ABCDXYZabcxyz0189-_.+/'), (at, sign) => {
      const forged = stamp.slice(0, at) + sign + stamp.slice(at + 1)
      expect(readShownStamp(ring, forged, now)).toEqual(forged === stamp ? now : null)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => readShownStamp(ring, text, now) === null || text === stamp))
})
