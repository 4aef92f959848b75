import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readReport } from '../../../src/core/bounce/read-report.ts'
import { damage, randomNumbers } from './hostile-inputs.ts'

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

  test('the same with LF, CRLF and lone CR', async () => {
    for (const row of rows) {
      const lf = readFileSync(corpus + row.file, 'latin1').replace(/\r\n?/g, '\n')
      const [first, ...others] = await Promise.all(
        ['\n', '\r\n', '\r'].map((end) => readReport(Buffer.from(lf.replaceAll('\n', end), 'latin1'))),
      )
      for (const other of others) expect(other, row.file).toEqual(first)
    }
  })

  test('cut, repeated, reordered, bitten: every message is answered', { timeout: 120_000 }, async () => {
    const random = randomNumbers(20261123)
    for (const row of rows) {
      const raw = readFileSync(corpus + row.file)
      for (let turn = 0; turn < 20; turn += 1) {
        const report = await readReport(damage(raw, random))
        const sound = report.rule !== '' && (report.category !== null || !report.isBounce)
        expect(sound, `${row.file}, turn ${turn}`).toBe(true)
      }
    }
  })
})
