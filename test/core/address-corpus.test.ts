import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'

const CORPUS = new URL('../../../shared/corpora/addresses/isemail.jsonl', import.meta.url)
const present = existsSync(CORPUS)
if (!present)
  console.warn('The isemail test set is absent (../shared/corpora/addresses): its test is skipped.')

type Case = { id: number; address: string; category: string; diagnosis: string }

/** Where we differ from isemail on purpose, by its diagnosis. */
const REFUSED_THOUGH_LEGAL = [
  'ISEMAIL_RFC5321_ADDRESSLITERAL', // no subscriber lives at a number
  'ISEMAIL_RFC5321_TLD', // nor at a single label
  'ISEMAIL_RFC5321_TLDNUMERIC',
]

test.skipIf(!present)('isemail: what it calls valid is taken, what it calls an error is refused', () => {
  const different: string[] = []
  for (const line of readFileSync(CORPUS, 'utf8').split('\n').filter(Boolean)) {
    const { id, address, category, diagnosis }: Case = JSON.parse(line)
    if (REFUSED_THOUGH_LEGAL.includes(diagnosis)) {
      expect(readAddress(address).kind).toBe('invalid')
      continue
    }
    const legal = /VALID|DNSWARN|RFC5321/.test(category)
    const taken = readAddress(address).kind === 'address'
    // Space and line breaks around an address, and a dot behind it, are repaired silently (contract, section 4).
    const surrounded = /^\s|\s$|\.$/.test(address)
    if (legal !== taken && !surrounded) different.push(`${id} ${diagnosis}`)
  }
  // test@io: a single label; ""@iana.org: an empty name.
  expect(different).toEqual(['5 ISEMAIL_VALID', '43 ISEMAIL_RFC5321_QUOTEDSTRING'])
})
