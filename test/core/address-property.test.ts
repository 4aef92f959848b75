import fc from 'fast-check'
import { expect, test } from 'vitest'
import { INVALID_REASONS } from '../../src/core/address/read-plain.ts'
import { readAddress } from '../../src/core/address.ts'
import { suggestDomain } from '../../src/core/suggestion.ts'

const piece = fc.constantFrom(
  ...'john|.|..|@|@@| |"|\\|<|>|,|;|:|/|(at)| dot |mailto:|gmail|com|.com|gmial.con|co.uk|[|]|xn--|\0|\r\n|é|e\u0301'.split(
    '|',
  ),
  ...['\u200b', '\ufeff', '\u212a', '\ud800', '\uff20', 'ß', '例', '😀', '%', '+', 'K'],
)
const nearAddress = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const anyText = fc.oneof(nearAddress, fc.string({ unit: 'binary', maxLength: 80 }), fc.emailAddress())

test('any text has a reading, and a refusal has a reason of the closed set', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const reading = readAddress(text)
      if (reading.kind === 'invalid') {
        expect(INVALID_REASONS).toContain(reading.reason)
        expect(reading.detail).toMatch(/^\P{Cc}+\.$/u)
      }
    }),
    { numRuns: 3000 },
  )
})

test('an address that was read reads as itself, and so does its key', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const reading = readAddress(text)
      if (reading.kind !== 'address') return
      expect(readAddress(reading.address.email)).toEqual(reading)
      const byKey = readAddress(reading.address.key)
      expect(byKey.kind === 'address' && byKey.address.key).toBe(reading.address.key)
    }),
    { numRuns: 3000 },
  )
})

test('a plain reading is an address that raises no further question', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const reading = readAddress(text)
      if (reading.kind !== 'invalid' || reading.suggestion === null) return
      const again = readAddress(reading.suggestion.email)
      expect(again.kind === 'address' && again.address.email).toBe(reading.suggestion.email)
      expect(suggestDomain(reading.suggestion.domain)).toBeNull()
    }),
    { numRuns: 3000 },
  )
})

test('the case of ASCII letters never tells two addresses apart, nor does Unicode composition', () => {
  fc.assert(
    fc.property(fc.oneof(nearAddress, fc.emailAddress()), (text) => {
      const reading = readAddress(text)
      if (reading.kind !== 'address') return
      const { email, key } = reading.address
      const capitals = email.replace(/[a-z]/g, (letter) => letter.toUpperCase())
      for (const spelling of [capitals, email.normalize('NFD')]) {
        const other = readAddress(spelling)
        expect(other.kind === 'address' && other.address.key).toBe(key)
      }
    }),
    { numRuns: 2000 },
  )
})

test('a megabyte of anything is read in well under a second', () => {
  const hostile = [
    '<',
    '>',
    ' ',
    '\0',
    '.',
    ',',
    '@',
    '"',
    '\\',
    'mailto:',
    'a@',
    '\u200b',
    '(at)',
    ' at ',
    '\ud800',
    'é',
  ]
  const start = performance.now()
  for (const part of hostile) {
    const million = part.repeat(1_000_000 / part.length)
    readAddress(million)
    readAddress(`john@example.com${million}`)
    readAddress(`${million}john@example.com`)
    readAddress(part.repeat(990 / part.length))
    suggestDomain(million)
  }
  expect((performance.now() - start) / hostile.length).toBeLessThan(1000)
})
