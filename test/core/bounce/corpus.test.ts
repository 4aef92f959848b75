import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'

/** Real bounce mail, kept beside the project and never in it. */
const corpus = fileURLToPath(new URL('../../../../shared/corpora/bounces/', import.meta.url))
const present = existsSync(`${corpus}manifest.jsonl`)
if (!present) console.log(`no corpus of bounce mail at ${corpus}: its tests are skipped`)

type Row = { file: string; label: string; scored: boolean }

describe.skipIf(!present)('on real bounce mail', () => {
  const rows: Row[] = present
    ? readFileSync(`${corpus}manifest.jsonl`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []
  const scored = rows.filter((row) => row.scored)
  const answers = async () =>
    Promise.all(
      scored.map(async (row) => {
        const report = await readReport(readFileSync(corpus + row.file))
        return { want: row.label, got: report.isBounce ? report.category : 'not-a-bounce' }
      }),
    )

  test('a mailbox is called dead with a precision of 0.99 and a recall of 0.95', async () => {
    const all = await answers()
    const wanted = all.filter(({ want }) => want === 'mailbox-does-not-exist')
    const given = all.filter(({ got }) => got === 'mailbox-does-not-exist')
    const right = wanted.filter(({ got }) => got === 'mailbox-does-not-exist').length
    expect(right / given.length).toBeGreaterThanOrEqual(0.99)
    expect(right / wanted.length).toBeGreaterThanOrEqual(0.95)
  })

  test('what is no bounce is taken for one in 2 % at most, and never for a dead mailbox', async () => {
    const ordinary = (await answers()).filter(({ want }) => want === 'not-a-bounce')
    const right = ordinary.filter(({ got }) => got === 'not-a-bounce').length
    expect(right / ordinary.length).toBeGreaterThanOrEqual(0.98)
    expect(ordinary.filter(({ got }) => got === 'mailbox-does-not-exist')).toEqual([])
  })

  test('half a message, or one twice over, is answered', async () => {
    for (const row of rows) {
      const raw = readFileSync(corpus + row.file)
      for (const damaged of [
        raw.subarray(0, raw.length / 2),
        raw.subarray(raw.length / 2),
        Buffer.concat([raw, raw]),
      ]) {
        expect((await readReport(damaged)).rule).not.toBe('')
      }
    }
  })
})
