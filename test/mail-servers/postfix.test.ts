import { describe } from 'vitest'
import { postfix } from '../support/postfix.ts'
import { testRelayedLetters } from './relayed-letters.ts'

if (postfix.missing !== null)
  console.warn(`The tests with a real Postfix are skipped: it ${postfix.missing}.`)

describe.skipIf(postfix.missing !== null)('a letter by way of Postfix', () => testRelayedLetters(postfix))
