import { describe } from 'vitest'
import { exim } from '../support/exim.ts'
import { testRelayedLetters } from './relayed-letters.ts'

if (exim.missing !== null) console.warn(`The tests with a real Exim are skipped: it ${exim.missing}.`)

describe.skipIf(exim.missing !== null)('a letter by way of Exim', () => testRelayedLetters(exim))
