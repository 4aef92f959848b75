import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'
import { TARGETS } from '../../src/core/suggestion/target-list.ts'
import { makeSuggester, nearestTarget, suggest, suggestDomain } from '../../src/core/suggestion.ts'

const target = fc.constantFrom(...TARGETS.map((entry) => entry.domain))
const key = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789.-')

/** A target after a few slips of the finger. */
const slip = fc
  .tuple(
    target,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'add', 'swap', 'turn'), key), { maxLength: 3 }),
  )
  .map(([domain, slips]) =>
    slips.reduce((text, [where, kind, letter]) => {
      const at = where % Math.max(text.length, 1)
      const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)]
      if (kind === 'drop') return before + after
      if (kind === 'add') return before + letter + here + after
      if (kind === 'swap') return before + letter + after
      return before + after.slice(0, 1) + here + after.slice(1)
    }, domain),
  )

const own = ['acme.com', 'student.example.edu', 'münchen-mail.de', 'ig.co.uk', 'gmial.com']
const suggesters = fc.constantFrom(
  makeSuggester(),
  makeSuggester({ extraTargets: own }),
  makeSuggester({ known: new Set() }),
  makeSuggester({ isProvenReal: (domain) => domain.length % 2 === 0 }),
)
const locale = fc.constantFrom(null, 'de', 'de-AT', 'fr', 'pt-BR', 'ja', 'zh-Hant-TW', 'en-GB', 'sv', 'x', '')

test('a suggestion itself gets none, and never leads back to what was typed', () => {
  fc.assert(
    fc.property(fc.oneof(slip, fc.domain(), fc.string()), suggesters, locale, (typed, suggester, locale) => {
      const answer = suggester.suggestDomain(typed, { locale })
      if (answer === null) return
      expect(answer).not.toBe(typed)
      expect(suggester.suggestDomain(answer, { locale })).toBeNull()
    }),
    { numRuns: 5000 },
  )
})

test('a suggestion to a visitor of one country gets none for a visitor of another', () => {
  fc.assert(
    fc.property(slip, locale, locale, (typed, here, there) => {
      const answer = suggestDomain(typed, { locale: here })
      if (answer !== null) expect(suggestDomain(answer, { locale: there })).toBeNull()
    }),
    { numRuns: 5000 },
  )
})

test('what a domain without mail probably meant gets no suggestion', () => {
  fc.assert(
    fc.property(slip, locale, (typed, locale) => {
      const reading = readAddress(`a@${typed}`)
      if (reading.kind !== 'address') return
      const near = nearestTarget(reading.address.domain, { locale })
      if (near !== null) expect(suggestDomain(near)).toBeNull()
    }),
    { numRuns: 1000 },
  )
})

test('a suggestion is an address that reads as itself, with the local part as it was', () => {
  fc.assert(
    fc.property(fc.emailAddress(), slip, (email, domain) => {
      const reading = readAddress(`${email.slice(0, email.lastIndexOf('@'))}@${domain}`)
      if (reading.kind !== 'address') return
      const suggestion = suggest(reading.address)
      if (suggestion === null) return
      const again = readAddress(suggestion.email)
      if (again.kind !== 'address') throw new Error(`${suggestion.email}: ${again.detail}`)
      expect(again.address).toMatchObject({
        local: reading.address.local,
        domain: suggestion.domain,
        email: suggestion.email,
      })
    }),
    { numRuns: 2000 },
  )
})

test('the case of the domain makes no difference', () => {
  fc.assert(
    fc.property(slip, (typed) => {
      expect(suggestDomain(typed.toUpperCase())).toBe(suggestDomain(typed))
    }),
    { numRuns: 1000 },
  )
})

test('any text is answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
      const answer = suggestDomain(typed)
      expect(answer === null || /^[a-z0-9.-]+$/.test(answer)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
