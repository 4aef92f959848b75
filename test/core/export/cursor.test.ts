import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../../src/core/export/cursor.ts'
import { readDay, readMoment } from '../../../src/core/export/read-moment.ts'
import { readPageCursor, writePageCursor } from '../../../src/core/page-cursor.ts'

const cursor = { epoch: randomUUID(), listId: 4_000_000_000, xmin: '18446744073709551615' }

test('a cursor is read as it was written', () => {
  expect(readCursor(writeCursor(cursor))).toEqual(cursor)
})

test('a cursor that was cut off, changed or made up is none', () => {
  const text = writeCursor(cursor)
  const changed = `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`
  for (const wrong of [
    text.slice(0, -1),
    `${text}A`,
    ` ${text}`,
    changed,
    '',
    'A'.repeat(43),
    'x'.repeat(1000),
  ]) {
    expect(readCursor(wrong)).toBeNull()
  }
})

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T09:30Z', '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:15', '2026-01-31T09:30:15.000Z'],
  ['2026-01-31T09:30:15.1239Z', '2026-01-31T09:30:15.123Z'],
  ['2026-01-31T01:30:00+02:00', '2026-01-30T23:30:00.000Z'],
  ['2026-01-31T01:30:00 02:00', '2026-01-30T23:30:00.000Z'],
  ['2026-01-31 01:30', '2026-01-31T01:30:00.000Z'],
  ['2026-01-31T23:30:00-0130', '2026-02-01T01:00:00.000Z'],
])('%s is the moment %s', (text, moment) => {
  expect(readMoment(text)?.toISOString()).toBe(moment)
})

test.each([
  '',
  'yesterday',
  '2026',
  '2026-02-30',
  '2026-13-01',
  '2026-01-31T24:00',
  '2026-01-31T09:60',
  '1769850000',
  '2026-01-31T09:30:00Z; drop',
])('%j is no moment', (text) => {
  expect(readMoment(text)).toBeNull()
})

test('a day is a day of the calendar', () => {
  expect(readDay('2024-02-29')?.toISOString()).toBe('2024-02-29T00:00:00.000Z')
  for (const wrong of ['2025-02-29', '2025-2-1', '2025-02-01T00:00', '']) expect(readDay(wrong)).toBeNull()
})

test('a page cursor is read in its one spelling and length', () => {
  const key = Buffer.alloc(16, 3)
  const text = writePageCursor(key)
  expect(readPageCursor(text, 16)).toEqual(key)
  for (const wrong of [text.slice(1), `${text}=`, '', '!', 'A'.repeat(300)])
    expect(readPageCursor(wrong, 16)).toBeNull()
})
