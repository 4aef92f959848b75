import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Category } from '../../../../src/core/bounce/category.ts'
import { receiveBounce } from '../../../../src/flows/receive-bounce.ts'
import { receiveMessage } from '../../../../src/flows/receive-message.ts'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

type Item = {
  id: string
  at: string
  door: string
  matched: boolean
  category: string | null
  recipient: string | null
  rule: string | null
  forwarded: boolean
  signup_id: string | null
  letter_id: string | null
  raw?: string | null
}
type Page = { items: Item[]; next: string | null }
const page = (query = '') => house.json<Page>(`/api/bounces${query}`)

async function bounced(email: string, category: Category, rule = 'a-rule') {
  const ids = await house.signUp(email)
  const report = { category, status: '5.1.1', reply: `550 ${email}`, recipient: email, rule, forwarded: true }
  const fingerprint = Buffer.from(randomUUID())
  const at = house.deps.now()
  await receiveBounce(house.deps, { door: 'lmtp', at, fingerprint, letterId: ids.letterId, report })
  return ids
}

async function stray(text: string): Promise<void> {
  await receiveMessage(house.deps, { door: 'message', raw: Buffer.from(text, 'latin1'), recipient: null })
}

async function emptied(): Promise<void> {
  await sql`delete from bounces`.execute(house.deps.db)
}

test('a report is shown with what it said and what it is about', async () => {
  await emptied()
  const { signupId, letterId } = await bounced('ann@example.com', 'mailbox-does-not-exist')
  const { items, next } = await page()
  expect(next).toBeNull()
  expect(items).toEqual([
    {
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      door: 'lmtp',
      matched: true,
      category: 'mailbox-does-not-exist',
      status: '5.1.1',
      reply: '550 ann@example.com',
      recipient: 'ann@example.com',
      rule: 'a-rule',
      forwarded: true,
      signup_id: signupId,
      letter_id: letterId,
    },
  ])
  expect(await house.json(`/api/bounces/${items[0]?.id}`)).toEqual({ ...items[0], raw: null })
})

describe('what named no letter of ours', () => {
  test('is told apart, and can be read', async () => {
    await emptied()
    await bounced('bob@example.com', 'mailbox-full')
    await stray('Subject: hello\r\n\r\nwho are you?\r\n')
    const { items } = await page('?unmatched=true')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      door: 'message',
      matched: false,
      category: null,
      signup_id: null,
      letter_id: null,
    })
    expect(items[0]).not.toHaveProperty('raw')
    expect((await page('?unmatched=false')).items.map((item) => item.recipient)).toEqual(['bob@example.com'])
    expect((await page()).items).toHaveLength(2)
    const one = await house.json<Item>(`/api/bounces/${items[0]?.id}`)
    expect(one.raw).toBe('Subject: hello\n\nwho are you?\n')
  })

  test('does nothing to the terminal that shows it, whatever its bytes are, and ends after 64 KB', async () => {
    await emptied()
    await stray(`Subject: x\r\n\r\n\u001b[2J\u0000\u009b\u0007\xff\xfe${'y'.repeat(100_000)}`)
    const [item] = (await page('?unmatched=true')).items
    const answer = await house.api(`/api/bounces/${item?.id}`)
    expect(answer.status).toBe(200)
    const { raw } = JSON.parse(await answer.text())
    expect(raw).toMatch(/^Subject: x\n\n\uFFFD\[2J\uFFFD+y+$/)
    expect(raw.length).toBeLessThanOrEqual(65_536)
  })
})

test('they come newest first, in pages', async () => {
  await emptied()
  for (let n = 0; n < 7; n++) await bounced(`page${n}@example.com`, 'temporary')
  const paged: Item[] = []
  let next: string | null = null
  do {
    const one: Page = await page(`?limit=3${next === null ? '' : `&cursor=${next}`}`)
    expect(one.items.length).toBeLessThanOrEqual(3)
    paged.push(...one.items)
    next = one.next
  } while (next !== null)
  expect(paged.map((item) => item.recipient)).toEqual(
    [6, 5, 4, 3, 2, 1, 0].map((n) => `page${n}@example.com`),
  )
})

test('they can be asked for by category, door and rule', async () => {
  await emptied()
  await bounced('c1@example.com', 'mailbox-full', 'full-by-code')
  await bounced('c2@example.com', 'policy-or-spam', 'blocked')
  await stray('Subject: x\r\n\r\n')
  const recipients = async (query: string) => (await page(query)).items.map((item) => item.recipient)
  expect(await recipients('?category=mailbox-full')).toEqual(['c1@example.com'])
  expect(await recipients('?rule=blocked')).toEqual(['c2@example.com'])
  expect(await recipients('?door=lmtp')).toEqual(['c2@example.com', 'c1@example.com'])
  expect(await recipients('?door=lmtp&category=complaint')).toEqual([])
  expect(await recipients('?rule=nope&unmatched=true')).toEqual([])
})

test.each([
  ['unmatched=yes', 'unmatched'],
  ['category=hard', 'category'],
  ['cursor=x', 'cursor'],
  ['limit=0', 'limit'],
  [`door=${'x'.repeat(300)}`, 'door'],
])('?%s is refused by name', async (query, field) => {
  expect(await house.json(`/api/bounces?${query}`)).toMatchObject({ status: 400, code: 'bad-request', field })
})

test.each(['x', randomUUID(), '%00', 'report%00'])('there is no report %s', async (id) => {
  const answer = await house.api(`/api/bounces/${id}`)
  expect([400, 404]).toContain(answer.status)
})

test('they are for the admin only', async () => {
  for (const path of ['/api/bounces', '/api/bounces/report', `/api/bounces/${randomUUID()}`]) {
    expect((await house.app.request(path)).status).toBe(401)
  }
})
