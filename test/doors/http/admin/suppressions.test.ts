import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLinkToken } from '../../../../src/core/tokens.ts'
import { decline } from '../../../../src/flows/decline.ts'
import { receiveBounce } from '../../../../src/flows/receive-bounce.ts'
import { type AdminHouse, nobody, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

async function bounced(email: string): Promise<string> {
  const { signupId, letterId } = await house.signUp(email)
  const report = {
    category: 'mailbox-does-not-exist',
    status: '5.1.1',
    reply: '550 5.1.1 no such user',
    recipient: null,
    rule: null,
    forwarded: false,
  } as const
  const fingerprint = Buffer.from(randomUUID())
  await receiveBounce(house.deps, { door: 'message', at: house.deps.now(), fingerprint, letterId, report })
  return signupId
}

async function declined(email: string): Promise<string> {
  const { signupId, letterId } = await house.signUp(email)
  const token = makeLinkToken(house.deps.ring.current, 'not-me', letterId)
  await decline(house.deps, { token, client: nobody })
  return signupId
}

type Page = { items: { email: string; reason: string; since: string; until: string }[]; next: string | null }
const page = (query = '') => house.json<Page>(`/api/suppressions${query}`)
const lift = async (email: string) => house.send('DELETE', `/api/suppressions/${encodeURIComponent(email)}`)

test('those in force are listed with why, since when and until when', async () => {
  await bounced('ann@example.com')
  await declined('bob@example.com')
  const { items, next } = await page()
  expect(next).toBeNull()
  const ann = items.find((item) => item.email === 'ann@example.com')
  expect(ann).toMatchObject({
    reason: 'mailbox-does-not-exist',
    status: '5.1.1',
    reply: '550 5.1.1 no such user',
  })
  expect(Date.parse(ann?.until ?? '') - Date.parse(ann?.since ?? '')).toBe(24 * 60 * 60 * 1000)
  const bob = items.find((item) => item.email === 'bob@example.com')
  expect(bob).toMatchObject({ reason: 'not-me', status: null, reply: null })
  expect(Date.parse(bob?.until ?? '') - Date.parse(bob?.since ?? '')).toBe(180 * 24 * 60 * 60 * 1000)
})

test('they come in pages', async () => {
  for (let n = 0; n < 4; n++) await bounced(`page${n}@example.com`)
  const all = (await page('?limit=200')).items.map((item) => item.email)
  const paged: string[] = []
  let next: string | null = null
  do {
    const one: Page = await page(`?limit=2${next === null ? '' : `&cursor=${next}`}`)
    paged.push(...one.items.map((item) => item.email))
    next = one.next
  } while (next !== null)
  expect(paged).toEqual(all)
  expect(await house.json('/api/suppressions?cursor=x')).toMatchObject({ status: 400, field: 'cursor' })
})

test.each([
  ['after a bounce', bounced],
  ['after not-me', declined],
])('lifted %s, the address gets letters again, and the signup tells of it', async (when, suppress) => {
  const email = `${when.replaceAll(' ', '-')}@example.org`
  const signupId = await suppress(email)
  expect((await lift(email.toUpperCase())).status).toBe(204)
  expect((await page('?limit=200')).items.map((item) => item.email)).not.toContain(email)
  const { events } = await house.json(`/api/signups/${signupId}`)
  expect(events.at(-1)?.type).toBe('suppression-lifted')
  expect((await house.signUp(email)).signupId).not.toBe(signupId)
})

test('what is not there cannot be lifted', async () => {
  expect(await lift('stranger@example.com')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  await house.signUp('fine@example.com')
  expect((await lift('fine@example.com')).status).toBe(404)
  expect(await lift('nobody')).toMatchObject({ status: 400, body: { field: 'email' } })
  const email = 'twice@example.com'
  await bounced(email)
  expect([(await lift(email)).status, (await lift(email)).status]).toEqual([204, 404])
})

test('a suppression whose time is over is none', async () => {
  await bounced('past@example.com')
  house.passSeconds(25 * 60 * 60)
  expect((await page('?limit=200')).items.map((item) => item.email)).not.toContain('past@example.com')
  expect((await lift('past@example.com')).status).toBe(404)
  house.passSeconds(-25 * 60 * 60)
})
