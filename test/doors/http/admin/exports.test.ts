import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../../../src/core/export/cursor.ts'
import { readLinkToken } from '../../../../src/core/tokens.ts'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'
import { type Exports, openExports } from '../../../support/exports.ts'
import { readCsv } from '../../../support/read-csv.ts'

let house: AdminHouse
let exports: Exports

beforeAll(async () => {
  house = await openAdminHouse()
  exports = openExports(house)
})
afterAll(() => house.close())

const columns =
  'email,signed_up_at,confirmed_at,source,locale,consent,consent_as_posted,signup_ip,confirm_ip,unsubscribe_url,attributes'

describe('the export', () => {
  test('holds the confirmed and nobody else, with the evidence', async () => {
    const list = await exports.newList()
    await house.signUp('pending@example.com', { list })
    const left = await house.subscribe('left@example.com', { list })
    await exports.leave(left.signupId)
    const { signupId } = await house.subscribe('=ann@example.com', {
      list,
      source: '@footer',
      consent: '-yes\r\n"please"',
      attributes: { name: 'Ann, "the" Än', formula: '=1+1' },
    })
    const { answer, text } = await exports.exported(list)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const [header, row, ...more] = readCsv(text)
    expect(header?.join(',')).toBe(columns)
    expect(more).toEqual([])
    const cells = Object.fromEntries((header ?? []).map((name, n) => [name, row?.[n]]))
    expect(cells).toMatchObject({
      email: "'=ann@example.com",
      source: "'@footer",
      locale: 'en',
      consent: 'I want "news",\nevery week',
      consent_as_posted: '\'-yes\r\n"please"',
      signup_ip: '192.0.2.7',
      confirm_ip: '192.0.2.7',
    })
    expect(JSON.parse(cells.attributes ?? '')).toEqual({ name: 'Ann, "the" Än', formula: '=1+1' })
    for (const time of [cells.signed_up_at, cells.confirmed_at]) {
      expect(new Date(time ?? '').toISOString()).toBe(time)
    }
    const [base, token] = (cells.unsubscribe_url ?? '').split('/unsubscribe/')
    expect(base).toBe('https://lists.example.com')
    expect(readLinkToken(house.deps.ring, 'unsubscribe', token ?? '')?.id).toBe(signupId)
  })

  test('is a header line for a list without subscribers', async () => {
    const list = await exports.newList()
    expect((await exports.exported(list)).text).toBe(`${columns}\r\n`)
    expect((await exports.exported(list, '?format=ndjson')).text).toBe('')
  })

  test('in ndjson holds the same, without the guard', async () => {
    const list = await exports.newList()
    await house.subscribe('=bob@example.com', { list, attributes: { a: '\u0001\u0002\n"' } })
    await house.subscribe('eve@example.com', { list })
    const { answer, text } = await exports.exported(list, '?format=ndjson')
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(text.endsWith('}\n')).toBe(true)
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const bob = rows.find((row) => row.email === '=bob@example.com')
    expect(Object.keys(bob).join(',')).toBe(columns)
    expect(bob).toMatchObject({ source: null, attributes: { a: '\u0001\u0002\n"' }, consent_as_posted: null })
    expect(bob.unsubscribe_url).toMatch(/^https:\/\/lists\.example\.com\/unsubscribe\/[\w-]{43}$/)
    expect(new Date(bob.confirmed_at).toISOString()).toBe(bob.confirmed_at)
    expect(rows.find((row) => row.email === 'eve@example.com')).toMatchObject({ attributes: {} })
  })

  test('leaves the link empty where the key of the row is gone', async () => {
    const list = await exports.newList()
    const { signupId } = await house.subscribe('old@example.com', { list })
    await house.deps.db
      .updateTable('signups')
      .set({ key_id: 'aaaaaaaaaaaa' })
      .where('id', '=', signupId)
      .execute()
    const [, row] = readCsv((await exports.exported(list)).text)
    expect(row?.[9]).toBe('')
    const { text } = await exports.exported(list, '?format=ndjson')
    expect(JSON.parse(text).unsubscribe_url).toBeNull()
  })

  test('goes on from its cursor, and from a time', async () => {
    const list = await exports.newList()
    await house.subscribe('one@example.com', { list })
    const cursor = await exports.cursorPastAll(list)
    await house.subscribe('two@example.com', { list })
    expect(await exports.emails(list, `?since=${cursor}`)).toEqual(['two@example.com'])
    expect(await exports.emails(list, '?since=2020-01-01')).toEqual(['one@example.com', 'two@example.com'])
    expect(await exports.emails(list, '?since=2099-01-01T00:00:00Z')).toEqual([])
    expect(await exports.emails(list, '?since=')).toEqual(['one@example.com', 'two@example.com'])
  })

  test('what was confirmed shortly before a time that is named comes too', async () => {
    const list = await exports.newList()
    await house.subscribe('late@example.com', { list })
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect(await exports.emails(list, `?since=${soon}`)).toEqual(['late@example.com'])
  })

  test('a confirmation that was not committed yet shows up in the next', async () => {
    const list = await exports.newList()
    const { signupId, letterId } = await house.signUp('slow@example.com', { list })
    const slow = await house.database.pool.connect()
    await slow.query('begin')
    await slow.query(
      `update signups set status = 'confirmed', confirmed_at = now(), confirmed_by = $2, expires_at = null,
        confirmed_xid = pg_current_xact_id() where id = $1`,
      [signupId, letterId],
    )
    await house.subscribe('fast@example.com', { list })
    const first = await exports.exported(list)
    expect(readCsv(first.text).map(([email]) => email)).toEqual(['email', 'fast@example.com'])
    await slow.query('commit')
    slow.release()
    expect(await exports.emails(list, `?since=${first.next}`)).toContain('slow@example.com')
  })

  test('the cursor of another database means everything, and so does one from the future', async () => {
    const list = await exports.newList()
    await house.subscribe('one@example.com', { list })
    const cursor = readCursor((await exports.exported(list)).next)
    if (cursor === null) throw new Error('the export gave no cursor')
    const foreign = writeCursor({ ...cursor, epoch: '00000000-0000-4000-8000-000000000000' })
    const ahead = writeCursor({ ...cursor, xmin: '9999999999999' })
    expect(await exports.emails(list, `?since=${foreign}`)).toEqual(['one@example.com'])
    expect(await exports.emails(list, `?since=${ahead}`)).toEqual(['one@example.com'])
  })

  test.each(['0000-01-01', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00'])(
    'since %s, before anything of ours, is everything',
    async (since) => {
      const list = await exports.newList()
      await house.subscribe('one@example.com', { list })
      expect(await exports.emails(list, `?since=${encodeURIComponent(since)}`)).toEqual(['one@example.com'])
    },
  )

  test.each(['9999-12-31', '9999-12-31T23:59:59-14:00'])(
    'since %s, after all of ours, is nothing',
    async (since) => {
      expect(await exports.emails(await exports.newList(), `?since=${encodeURIComponent(since)}`)).toEqual([])
    },
  )

  test.each(['yesterday', '2026-02-30', 'AAAA', "2026-01-01'; drop table signups; --"])(
    'since %j is refused by name',
    async (since) => {
      const answer = await house.api(`/api/lists/default/subscribers?since=${encodeURIComponent(since)}`)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ code: 'bad-request', field: 'since' })
    },
  )

  test('the cursor of another list is refused', async () => {
    const { next } = await exports.exported(await exports.newList())
    const answer = await house.api(`/api/lists/default/subscribers?since=${next}`)
    expect(await answer.json()).toMatchObject({ status: 400, field: 'since' })
  })

  test('another format, and a list that is not there, are refused', async () => {
    const wrong = await house.api('/api/lists/default/subscribers?format=xml')
    expect(await wrong.json()).toMatchObject({ status: 400, field: 'format' })
    const missing = await house.api('/api/lists/nope/subscribers')
    expect(await missing.json()).toMatchObject({ status: 404, code: 'unknown-list' })
  })

  test('is recorded, and HEAD exports nothing', async () => {
    const list = await exports.newList()
    const acts = () =>
      house.deps.db.selectFrom('acts').selectAll().where('type', '=', 'exported').orderBy('id').execute()
    const before = (await acts()).length
    const head = await house.api(`/api/lists/${list}/subscribers`, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('content-type')).toContain('text/csv')
    expect(await acts()).toHaveLength(before)
    await exports.exported(list)
    const after = await acts()
    expect(after).toHaveLength(before + 1)
    expect(after.at(-1)?.detail).toMatchObject({ list, what: 'subscribers', format: 'csv' })
  })
})
