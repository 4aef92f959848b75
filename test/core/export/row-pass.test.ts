import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvShape, jsonShape, openRowPass, type RowShape } from '../../../src/core/export/row-pass.ts'
import { readCsv } from '../../support/read-csv.ts'

function pass(shape: RowShape, text: string, chunkBytes = 1_000_000): string {
  const bytes = Buffer.from(text)
  const rows = openRowPass(shape)
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    for (const block of rows.take(bytes.subarray(at, at + chunkBytes))) out.push(block.slice())
  return Buffer.concat([...out, rows.end()]).toString()
}

const csv: RowShape = { ...csvShape, link: null }

/** As COPY writes a record in CSV: quotes where it must. */
function asCopyWrites(rows: readonly (readonly (string | null)[])[]): string {
  const cell = (value: string | null) => {
    if (value === null) return ''
    return value === '' || /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  }
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('')
}

describe('in CSV', () => {
  test('records end in CRLF, and line breaks inside a cell stay as they are', () => {
    expect(pass(csv, 'a,"b\nc\r\nd"\ne,f\n')).toBe('a,"b\nc\r\nd"\r\ne,f\r\n')
  })

  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '\n=x'])('the cell %j gets an apostrophe', (cell) => {
    const out = readCsv(pass(csv, asCopyWrites([['a', cell, `b${cell}`]])))
    expect(out).toEqual([['a', `'${cell}`, `b${cell}`]])
  })

  test('a cell that begins with a quotation mark is left alone', () => {
    expect(readCsv(pass(csv, asCopyWrites([['"=x"', '"', '']])))).toEqual([['"=x"', '"', '']])
  })

  test('any cells come out as they went in, however the bytes are cut', () => {
    const cells = fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', 'é', '-') }), {
      minLength: 3,
      maxLength: 3,
    })
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), (rows, chunk) => {
        const guarded = rows.map((row) =>
          row.map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell)),
        )
        expect(readCsv(pass(csv, asCopyWrites(rows), chunk))).toEqual(guarded)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['2026-01-31 09:30:00+00', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31 09:30:00.5+00', '2026-01-31T09:30:00.500Z'],
    ['2026-01-31 09:30:00.123456+00', '2026-01-31T09:30:00.123Z'],
    ['', ''],
  ])('the time %j is written as %j', (raw, wanted) => {
    for (const chunk of [1, 4, 1000]) {
      expect(pass({ ...csv, times: [1] }, `a b,${raw},+c\na,${raw},\n`, chunk)).toBe(
        `a b,${wanted},'+c\r\na,${wanted},\r\n`,
      )
    }
  })

  test('bytes that end inside a record are an error', () => {
    expect(() => pass(csv, 'a,b\nc,d')).toThrow('inside a record')
    expect(() => pass(csv, 'a,"b\n')).toThrow('inside a record')
    expect(pass(csv, '')).toBe('')
  })
})

describe('the link', () => {
  const put: NonNullable<RowShape['link']>['put'] = (id, letter, out, at) => {
    const text = `${Buffer.from(id).toString('hex')}/${String.fromCharCode(letter)}`
    out.set(Buffer.from(text), at)
    return at + text.length
  }
  const plain = (id: string) => id.replaceAll('-', '')

  test('stands in its column, and the columns that it is made of are gone', () => {
    const [one, two] = [randomUUID(), randomUUID()]
    const raw = `${one},A,"x,\ny",,z\n${two},0,,,\n`
    for (const chunk of [1, 5, 1000]) {
      expect(pass({ ...csvShape, link: { column: 1, put, mostBytes: 40 } }, raw, chunk)).toBe(
        `"x,\ny",${plain(one)}/A,z\r\n,${plain(two)}/0,\r\n`,
      )
    }
  })

  test('in JSON it joins the parts of a line', () => {
    const id = randomUUID()
    const raw = `${id}\x02B\x02{"a":",",\x02\x02"}\n`
    const out = pass({ ...jsonShape, link: { column: 1, put, mostBytes: 40 } }, raw, 3)
    expect(out).toBe(`{"a":",",${plain(id)}/B"}\n`)
  })

  test('finds room at the end of every block', () => {
    const ids = Array.from({ length: 3000 }, () => randomUUID())
    const raw = ids.map((id, n) => `${id},A,${'x'.repeat(n % 60)},,z\n`).join('')
    const wanted = ids.map((id, n) => `${'x'.repeat(n % 60)},${plain(id)}/A,z\r\n`).join('')
    expect(pass({ ...csvShape, link: { column: 1, put, mostBytes: 34 } }, raw, 10_007)).toBe(wanted)
  })
})
