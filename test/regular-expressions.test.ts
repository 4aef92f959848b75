import { check } from 'recheck'
import { describe, expect, test } from 'vitest'
import { type Expression, expressionsOf, inPieces } from './support/regular-expressions.ts'

/**
 * Expressions that take the square of their input and may: what they see is short, or written by the operator. Each
 * with how long that is.
 */
const bounded: Readonly<Record<string, string>> = {
  '/\\/+$/': 'PUBLIC_URL',
  '/<[^>]*>/g': 'templates',
  '/<style(?:\\s[^>]*)?>([\\s\\S]*?)<\\/style>/gi': 'templates',
  '/"(?:[^"\\\\]|\\\\.)*"/g': 'valid JSON, in which every string ends',
  '/(^| )\\/\\/ .*$/': 'a line of our own scripts',
  '/(:.*) (\\d\\d:?\\d\\d)$/': 'a moment of at most 100 characters',
}

/** What these see has at most 1,012 characters, where a square is a millisecond; worse than a square is too much here too. */
const ofShortInput = /^src\/core\/(?:address|suggestion)\b/

async function slowOf(expressions: readonly Expression[]): Promise<string[]> {
  const slow: string[] = []
  for (const piece of inPieces(expressions)) {
    const written = `/${piece.source}/${piece.flags}`
    if (written in bounded) continue
    const found = await check(piece.source, piece.flags, { timeout: 60_000, randomSeed: 1 })
    if (found.status === 'safe') continue
    const square = found.status === 'vulnerable' && found.complexity.summary.startsWith('2nd degree')
    if (square && ofShortInput.test(piece.from)) continue
    const how = found.status === 'vulnerable' ? found.complexity.summary : 'not understood'
    slow.push(`${piece.from}: ${written} is ${how}`)
  }
  return slow
}

const expressions = await expressionsOf(['src/core', 'src/doors', 'src/mail'])
const folders: Record<string, (path: string) => boolean> = {
  'the bounce verdict': (path) => path.startsWith('src/core/bounce/'),
  'the rest of the core': (path) => path.startsWith('src/core/') && !path.startsWith('src/core/bounce/'),
  'the doors and the mail': (path) => !path.startsWith('src/core/'),
}

describe('no regular expression that sees input from outside can be made slow', () => {
  test.each(Object.entries(folders))(
    '%s',
    async (_what, isIn) => {
      const here = expressions.filter(({ from }) => isIn(from))
      expect(here.length).toBeGreaterThan(10)
      expect(await slowOf(here)).toEqual([])
    },
    300_000,
  )

  test('those that are put together out of wordings are among them', () => {
    expect(expressions.some(({ source }) => source.includes('no mail ?box'))).toBe(true)
  })

  test('the check sees one that can', async () => {
    expect(await slowOf([{ source: '(?:a+)+b', flags: '', from: 'here' }])).toEqual([
      'here: /(?:a+)+b/ is exponential',
    ])
    expect(await slowOf([{ source: 'x|a*b', flags: '', from: 'here' }])).toHaveLength(1)
  })
})
