import { describe, expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'

function address(input: string) {
  const reading = readAddress(input)
  if (reading.kind !== 'address') throw new Error(`${JSON.stringify(input)} was refused: ${reading.detail}`)
  return reading.address
}

function refusal(input: string) {
  const reading = readAddress(input)
  if (reading.kind !== 'invalid') throw new Error(`${JSON.stringify(input)} was taken`)
  return reading
}

describe('what is taken', () => {
  test.each([
    'john@example.com',
    'John.Doe+news@example.co.uk',
    "o'brien%x=y@example.com",
    '!#$%&*+/=?^_`{|}~-@example.com',
    'refuse-5.1.1@example.com',
    'late-5.1.1@example.com',
    'defer-4.7.1@example.com',
    'x@example.test',
    'x@company.localhost',
    'x@sub.sub.example.museum',
    'x@c--n.example.com',
    '"john doe"@example.com',
    '"a@b"@example.com',
    'jürgen@example.com',
    '用户@example.com',
    `${'x'.repeat(64)}@example.com`,
    `${'x'.repeat(64)}@${'y'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(57)}.com`,
  ])('%s reads as itself', (input) => {
    expect(address(input).email).toBe(input)
  })

  test.each([
    ['  john@example.com\t\n', 'space around it'],
    ['\u00a0john@example.com\u3000', 'wide and unbreakable space around it'],
    ['mailto:john@example.com', 'mailto:'],
    ['MAILTO:john@example.com', 'mailto: in capitals'],
    ['<john@example.com>', 'angle brackets'],
    [' <mailto:john@example.com>, ', 'several of them'],
    ['john@example.com.', 'a dot after it'],
    ['john@example.com,', 'a comma after it'],
    ['john@example.com;', 'a semicolon after it'],
    ['jo\u200bhn@exam\u200cple.com\ufeff', 'zero-width characters'],
    ['jo\u00adhn@example.com', 'a soft hyphen'],
    ['\u202ajohn@example.com\u202c', 'direction marks'],
  ])('%j is repaired silently: %s', (input) => {
    expect(address(input).email).toBe('john@example.com')
  })

  test('the domain is written in ASCII and lower case, the local part as typed', () => {
    expect(address('John.DOE@MÜNCHEN.de')).toMatchObject({
      email: 'John.DOE@xn--mnchen-3ya.de',
      local: 'John.DOE',
      domain: 'xn--mnchen-3ya.de',
    })
  })

  test('a domain is mapped as IDNA maps it, a Kelvin sign included', () => {
    expect(address('x@\u212aelvin.com').domain).toBe('kelvin.com')
    expect(address('x@example\u3002com').domain).toBe('example.com')
  })
})

describe('what is the same address', () => {
  test.each([
    ['john@example.com', 'JOHN@Example.COM'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['x@münchen.de', 'x@xn--mnchen-3ya.de'],
  ])('%s and %s', (one, other) => {
    expect(address(one).key).toBe(address(other).key)
  })

  test.each([
    ['john@example.com', 'john+news@example.com'],
    ['john@gmail.com', 'j.ohn@gmail.com'],
    ['john@gmail.com', 'john@googlemail.com'],
    ['É@example.com', 'é@example.com'],
    ['ß@example.com', 'ss@example.com'],
    ['i@example.com', 'ı@example.com'],
    ['"john"@example.com', 'john@example.com'],
  ])('not %s and %s', (one, other) => {
    expect(address(one).key).not.toBe(address(other).key)
  })

  test('a Kelvin sign in the local part is asked about, as NFC would make a K of it', () => {
    expect(refusal('\u212aim@example.com')).toMatchObject({
      reason: 'bad-character',
      suggestion: { email: 'Kim@example.com' },
    })
  })

  test('only three characters become ASCII by NFC, and none of them is let through', () => {
    const becomingAscii: string[] = []
    for (let code = 0x80; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const character = String.fromCodePoint(code)
      if (/^[\0-\x7f]+$/.test(character.normalize('NFC'))) becomingAscii.push(character)
    }
    expect(becomingAscii).toEqual(['\u037e', '\u1fef', '\u212a'])
    for (const character of becomingAscii) expect(refusal(`a${character}b@example.com`)).toBeTruthy()
  })
})

describe('what is counted as one mailbox', () => {
  test.each([
    ['John+news@example.com', 'john@example.com'],
    ['j.o.h.n+x@gmail.com', 'john@gmail.com'],
    ['J.ohn@googlemail.com', 'john@gmail.com'],
    ['j.ohn@example.com', 'j.ohn@example.com'],
    ['+tag@example.com', '+tag@example.com'],
    ['"john+1"@gmail.com', 'john@gmail.com'],
    ['"jo\\hn"@example.com', 'john@example.com'],
  ])('%s is counted as %s', (input, mailbox) => {
    expect(address(input).mailbox).toBe(mailbox)
  })
})

describe('what is refused, and why', () => {
  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['john', 'missing-at'],
    ['@example.com', 'missing-local'],
    ['""@example.com', 'missing-local'],
    ['john@', 'missing-domain'],
    ['a@b@example.com', 'extra-at'],
    ['a@example.com, b@example.com', 'two-addresses'],
    ['a@example.com b@example.org', 'two-addresses'],
    ['a@example.com;b@example.org', 'two-addresses'],
    ['john doe@example.com', 'bad-character'],
    ['john(comment)@example.com', 'bad-character'],
    ['john"doe@example.com', 'bad-character'],
    ['"a<b"@example.com', 'bad-character'],
    ['\ud800@example.com', 'bad-character'],
    ['john@exam_ple.com', 'bad-character'],
    ['john@example.com/x', 'bad-character'],
    ['john@example.com:25', 'bad-character'],
    ['john\0@example.com', 'control-character'],
    ['john@example.com\r\nBcc: x@example.org', 'control-character'],
    ['john@exa\tmple.com', 'control-character'],
    ['john\u0085@example.com', 'control-character'],
    ['.john@example.com', 'bad-dot'],
    ['john.@example.com', 'bad-dot'],
    ['jo..hn@example.com', 'bad-dot'],
    ['john@example..com', 'bad-domain'],
    ['john@-example.com', 'bad-domain'],
    ['john@example-.com', 'bad-domain'],
    [`john@${'x'.repeat(64)}.com`, 'bad-domain'],
    ['john@192.0.2.1', 'bad-domain'],
    ['john@\uff11\uff19\uff12.0.2.1', 'bad-domain'],
    ['john@xn--ü.com', 'bad-domain'],
    ['john@\u0301x.com', 'bad-domain'],
    ['john@ex\uff20mple.com', 'bad-character'],
    ['john@localhost', 'single-label'],
    ['john@[192.0.2.1]', 'address-literal'],
    ['john@[IPv6:2001:db8::1]', 'address-literal'],
    [`${'x'.repeat(65)}@example.com`, 'local-too-long'],
    [`${'ü'.repeat(33)}@example.com`, 'local-too-long'],
    [`${'x'.repeat(64)}@${'y'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(58)}.com`, 'too-long'],
  ])('%j: %s', (input, reason) => {
    expect(refusal(input).reason).toBe(reason)
  })

  test('a megabyte is too long, wherever the @ stands', () => {
    expect(refusal(`${'x'.repeat(1_000_000)}@example.com`).reason).toBe('too-long')
    expect(refusal(`x@${'y.'.repeat(500_000)}com`).reason).toBe('too-long')
  })

  test('the detail is one plain sentence and shows no control character', () => {
    const detail = refusal('john\u0007@example.com').detail
    expect(detail).toBe('The character U+0007 at position 5 is a control character.')
  })
})

describe('what has one plain reading is asked back', () => {
  test.each([
    ['john@gmail', 'john@gmail.com'],
    ['john@yahoo', 'john@yahoo.com'],
    ['john@gmailcom', 'john@gmail.com'],
    ['john@@gmail.com', 'john@gmail.com'],
    ['john gmail.com', 'john@gmail.com'],
    ['john(at)gmail.com', 'john@gmail.com'],
    ['john [at] gmail [dot] com', 'john@gmail.com'],
    ['john at gmail dot com', 'john@gmail.com'],
    ['johngmail.com', 'john@gmail.com'],
    ['john@gmail,com', 'john@gmail.com'],
    ['john@gmail..com', 'john@gmail.com'],
    ['john @gmail.com', 'john@gmail.com'],
    ['john@ gmail.com', 'john@gmail.com'],
    ['john@gmial,com', 'john@gmail.com'],
    ['john@exam ple.com', 'john@example.com'],
    ['john\uff20gmail.com', 'john@gmail.com'],
    ["'john@gmail.com'", 'john@gmail.com'],
    ['"john@gmail.com"', 'john@gmail.com'],
    ['John Doe <john@gmail.com>', 'john@gmail.com'],
    ['john..doe@gmail.com', 'john.doe@gmail.com'],
    ['.john@example.com', 'john@example.com'],
    ['john@example.com>', 'john@example.com'],
  ])('%s: %s', (input, email) => {
    expect(refusal(input).suggestion).toEqual({ email, domain: email.split('@')[1], reason: 'format' })
  })

  test.each([
    'john',
    'john doe@gmail.com',
    'a@example.com, b@example.com',
    'a@b@example.com',
    'john@unknown',
    'john@[192.0.2.1]',
    'john@192.0.2.1',
    'johnexample.com',
    'john\0@gmail.com',
    'thisisnotanaddress',
  ])('%j has none', (input) => {
    expect(refusal(input).suggestion).toBeNull()
  })
})
