import { describe, expect, test } from 'vitest'
import { KNOWN_REAL } from '../../src/core/suggestion/known-real.ts'
import { makeSuggester, nearestTarget, suggestDomain } from '../../src/core/suggestion.ts'

describe("an operator's own domains", () => {
  const own = makeSuggester({
    extraTargets: ['acme.com', 'student.example.edu', ' Bücher-Wurm.DE ', '', 'com', 'no domain'],
  })

  test.each([
    ['amce.com', 'acme.com'],
    ['acme.con', 'acme.com'],
    ['acme.co', 'acme.com'],
    ['acmecom', 'acme.com'],
    ['student.exmaple.edu', 'student.example.edu'],
    ['xn--bcher-wurm-9db.de', 'xn--bcher-wurm-9db.de'],
  ])('%s means %s', (typed, meant) => {
    expect(own.suggestDomain(typed)).toBe(typed === meant ? null : meant)
  })

  test('are meant by nobody where they are not given', () => {
    expect(suggestDomain('amce.com')).toBeNull()
  })

  test('are real, and so is what lies above and below them', () => {
    for (const domain of ['acme.com', 'mail.acme.com', 'student.example.edu', 'example.edu']) {
      expect(own.suggestDomain(domain)).toBeNull()
    }
  })

  test('leave the large providers as they are', () => {
    expect(own.suggestDomain('gmial.com')).toBe('gmail.com')
    expect(own.suggestDomain('gmail.com')).toBeNull()
  })

  test('are never questioned, however much they look like a slip of another', () => {
    expect(makeSuggester({ extraTargets: ['gmial.com'] }).suggestDomain('gmial.com')).toBeNull()
  })

  test('are answered as an address too, its local part to the letter', () => {
    const address = { local: 'Ann.O', domain: 'amce.com', email: 'Ann.O@amce.com', key: '', mailbox: '' }
    expect(own.suggest(address)).toEqual({ email: 'Ann.O@acme.com', domain: 'acme.com', reason: 'typo' })
  })

  test('are near where a domain takes no mail', () => {
    expect(own.nearestTarget('acmme.com')).toBe('acme.com')
  })
})

describe('what the installation has proven', () => {
  const proven = new Set<string>()
  const { suggestDomain } = makeSuggester({ isProvenReal: (domain) => proven.has(domain) })

  test('is questioned no more from that moment on, nor what lies below it', () => {
    proven.clear()
    expect(suggestDomain('gmial.com')).toBe('gmail.com')
    proven.add('gmial.com')
    expect(suggestDomain('gmial.com')).toBeNull()
    expect(suggestDomain('GMIAL.com')).toBeNull()
    expect(suggestDomain('mail.gmial.com')).toBeNull()
    expect(suggestDomain('gmai.com')).toBe('gmail.com')
  })

  test('is believed about an ending that does not exist, and about a doubled one', () => {
    proven.clear()
    for (const domain of ['company.con', 'company.com.com', 'g.mail.com', 'www.gmial.com']) {
      expect(suggestDomain(domain)).not.toBeNull()
      proven.add(domain)
      expect(suggestDomain(domain)).toBeNull()
    }
  })
})

describe('the locale of the visitor', () => {
  test('decides between two targets that are as near', () => {
    expect(suggestDomain('swp.pl')).toBeNull()
    expect(suggestDomain('swp.pl', { locale: 'pl' })).toBe('wp.pl')
  })

  test.each([undefined, null, '', 'en', 'en-US', 'x-y', '-', 'toString', '__proto__', 'de'.repeat(9999)])(
    'changes nothing where it names no country: %j',
    (locale) => {
      for (const typed of ['gmial.com', 'swp.pl', 'mailk.ru', 'company.con', 'wp.pl']) {
        expect(suggestDomain(typed, { locale })).toBe(suggestDomain(typed))
      }
    },
  )

  test('makes no answer of what would be a slip for the next visitor', () => {
    expect(suggestDomain('laive.at')).toBeNull()
    expect(suggestDomain('laive.at', { locale: 'de' })).toBe('live.at')
    expect(suggestDomain('laive.aat')).toBeNull()
  })

  test('never makes a provider of another country a slip', () => {
    for (const locale of ['de', 'fr', 'pt-BR', 'ja', 'ru']) {
      for (const domain of ['orange.fr', 't-online.de', 'uol.com.br', 'docomo.ne.jp', 'mail.ru', 'sky.com']) {
        expect(suggestDomain(domain, { locale })).toBeNull()
      }
    }
  })
})

describe('the known names', () => {
  test.each(['mailinator.com', 'bitmail.com', 'love.com', 'telkom.net', 'grail.com'])('have %s', (domain) => {
    expect(KNOWN_REAL.has(domain)).toBe(true)
  })

  test.each([
    'gmial.com',
    'gamil.com',
    'hotmial.com',
    'yaho.com',
    'gmail.co',
    'hotmail.con',
    'com',
    '',
    '.com',
    'x.',
  ])('have no %j', (domain) => {
    expect(KNOWN_REAL.has(domain)).toBe(false)
  })
})

test('the nearest target of a domain without mail is not found under another live ending', () => {
  expect(nearestTarget('gmaul.com')).toBe('gmail.com')
  expect(nearestTarget('completely-other-name.de')).toBeNull()
})
