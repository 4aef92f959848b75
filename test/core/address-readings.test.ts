// What people type, paste and dictate instead of an address: its one plain reading as a question, or a clear error.
import { describe, expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'

/** The address that is asked about, whether what was typed could be one or not. */
function asked(input: string): string | null {
  const reading = readAddress(input)
  return (reading.kind === 'address' ? reading.question : reading.suggestion)?.email ?? null
}

function errorOf(input: string) {
  const reading = readAddress(input)
  return reading.kind === 'address' ? null : reading.reason
}

describe('no address, but plain what was meant', () => {
  test.each([
    ['john@gmail', 'single-label'],
    ['john@@gmail.com', 'extra-at'],
    ['john gmail.com', 'missing-at'],
    ['john(at)gmail.com', 'missing-at'],
    ['john at gmail.com', 'missing-at'],
    ['johngmail.com', 'missing-at'],
    ['john@gmail,com', 'bad-character'],
    ['john@gmail;com', 'bad-character'],
    ['john@gmail com', 'bad-character'],
    ['john @gmail.com', 'bad-character'],
    ['john@ gmail.com', 'bad-character'],
    ['john@gmail .com', 'bad-character'],
    ['john@gmail@com', 'extra-at'],
    ['john@gmail.com@gmail.com', 'extra-at'],
    ['john@gmail.com)', 'bad-character'],
    ['(john@gmail.com)', 'bad-character'],
    ['[john@gmail.com]', 'bad-character'],
    ['„john@gmail.com“', 'bad-character'],
    ['«john@gmail.com»', 'bad-character'],
    ['"John" <john@gmail.com>', 'bad-character'],
    ['Email: john@gmail.com', 'bad-character'],
    ['Email:john@gmail.com', 'bad-character'],
    ['E-Mail-Adresse: john@gmail.com', 'bad-character'],
    ['Correo electrónico: john@gmail.com', 'bad-character'],
    ['https://john@gmail.com', 'bad-character'],
    ['john@https://gmail.com', 'bad-character'],
    ['john at gmail dot com', 'missing-at'],
    ['JOHN AT GMAIL DOT COM', 'missing-at'],
    ['john at gee mail dot com', 'missing-at'],
    ['john at jee mail dot com', 'missing-at'],
    ['john@jee mail dot com', 'bad-character'],
    ['john at g mail dot com', 'missing-at'],
    ['johnatgmaildotcom', 'missing-at'],
    ['john @ gmail dot com', 'bad-character'],
  ])('%s', (input, reason) => {
    expect(asked(input)?.toLowerCase()).toBe('john@gmail.com')
    expect(errorOf(input)).toBe(reason)
  })

  test.each([
    ['john underscore doe at yahoo dot co dot uk', 'john_doe@yahoo.co.uk'],
    ['john dot doe at hot mail dot com', 'john.doe@hotmail.com'],
    ['anna plus news at gmx dot de', 'anna+news@gmx.de'],
    ['anna dash lena at t-online dot de', 'anna-lena@t-online.de'],
    ['john at i cloud dot com', 'john@icloud.com'],
    ['john at out look dot com', 'john@outlook.com'],
    ['mary at example dot org', 'mary@example.org'],
  ])('%s is %s', (input, email) => {
    expect(asked(input)).toBe(email)
  })
})

describe('it could be an address, and another one is plainer', () => {
  test.each([
    ['john@gm\u0430il.com', 'john@gmail.com'],
    ['john@\u0433mail.com', null],
    ['john@hotma\u0131l.com', 'john@hotmail.com'],
    ['john@y\u0430h\u043e\u043e.com', 'john@yahoo.com'],
    ['john@gmàil.com', 'john@gmail.com'],
    ['john@\u03bftmail.com', null],
    ['john@\u03bfutlook.com', 'john@outlook.com'],
    ['www.john@gmail.com', 'john@gmail.com'],
    ['WWW.john@gmail.com', 'john@gmail.com'],
    ['www.john@example.com', null],
    ['wwwjohn@gmail.com', null],
    ['john@münchen.de', null],
    ['john@пример.рф', null],
  ])('%s: %s', (input, email) => {
    expect(readAddress(input).kind).toBe('address')
    expect(asked(input)).toBe(email)
  })

  test('full-width letters and dots are those of the domain by IDNA: no question', () => {
    for (const input of ['john@\uff47\uff4d\uff41\uff49\uff4c.com', 'john@gmail\u3002com']) {
      expect(readAddress(input)).toMatchObject({ address: { email: 'john@gmail.com' }, question: null })
    }
  })
})

describe('an error, for nobody can say which was meant', () => {
  test.each([
    ['john@gmail.comcarlos', 'text-after-domain'],
    ['john@gmail.com5551234', 'text-after-domain'],
    ['john@hotmail.comMaria', 'text-after-domain'],
    ['john@gmail.com carlos', 'bad-character'],
    ['a@gmail.com b@gmail.com', 'two-addresses'],
    ['a@gmail.com,b@gmail.com', 'two-addresses'],
    ['a@gmail.com / b@gmail.com', 'two-addresses'],
    ['a@gmail.comb@gmail.com', 'extra-at'],
    ['john,doe@gmail.com', 'bad-character'],
    ['john doe@gmail.com', 'bad-character'],
    ['john@hotmail@gmail.com', 'extra-at'],
    ['john doe at gmail dot com', 'missing-at'],
    ['@gmail.com', 'missing-local'],
    ['john@', 'missing-domain'],
    ['gmail.com', 'missing-at'],
    ['n/a', 'missing-at'],
    ['look at that dot', 'missing-at'],
  ])('%s: %s', (input, reason) => {
    expect([errorOf(input), asked(input)]).toEqual([reason, null])
  })

  test('the detail says what stands where', () => {
    expect(readAddress('john@gmail.comCarlos')).toMatchObject({
      detail: 'After “gmail.com” stands “carlos”, which belongs to no domain.',
    })
  })

  test('a slip of the ending is a slip, and a live ending is one', () => {
    for (const input of ['john@gmail.comm', 'john@gmail.community', 'john@gmail.com.br']) {
      expect(readAddress(input).kind, input).toBe('address')
    }
  })
})
