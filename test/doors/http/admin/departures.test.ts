import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('tell who left, and why', async () => {
  const list = await exports.newList()
  const { signupId } = await house.subscribe('gone@example.com', { list })
  await house.subscribe('stays@example.com', { list })
  const { next } = await exports.exported(list)
  await exports.leave(signupId)
  const { text } = await exports.exported(list, `?since=${next}`, 'departures')
  const [header, row, ...more] = readCsv(text)
  expect(header).toEqual(['email', 'left_at', 'why'])
  expect([row?.[0], row?.[2], more]).toEqual(['gone@example.com', 'unsubscribed', []])
  await exports.cursorPastAll(list, 'departures')
  const { text: json } = await exports.exported(list, '?format=ndjson', 'departures')
  expect(JSON.parse(json)).toEqual({ email: 'gone@example.com', left_at: row?.[1], why: 'unsubscribed' })
})

test('a departure that was not committed yet shows up in the next', async () => {
  const list = await exports.newList()
  const { signupId } = await house.subscribe('slow@example.com', { list })
  const slow = await house.database.pool.connect()
  await slow.query('begin')
  await slow.query(
    `insert into departures (list_id, signup_id, address_hash, email, left_at, why)
        select list_id, id, address_hash, email, now(), 'unsubscribed' from signups where id = $1`,
    [signupId],
  )
  const other = await house.subscribe('fast@example.com', { list })
  await exports.leave(other.signupId)
  const first = await exports.exported(list, '', 'departures')
  expect(first.text).not.toContain('slow@')
  await slow.query('commit')
  slow.release()
  expect(await exports.emails(list, `?since=${first.next}`, 'departures')).toContain('slow@example.com')
})
