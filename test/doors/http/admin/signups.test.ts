import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { receiveBounce } from '../../../../src/flows/receive-bounce.ts'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
  await house.api('/api/lists/second', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
})
afterAll(() => house.close())

const get = (path: string) => house.json(path)
const post = (path: string, body?: object) => house.send('POST', path, body)

async function bounce(letterId: string): Promise<void> {
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
}

async function idsOf(query: string): Promise<string[]> {
  const page = await get(`/api/signups?${query}`)
  return page.items.map((item) => item.id)
}

test('a signup is shown with its letters and events', async () => {
  const { signupId, letterId } = await house.subscribe('ann@example.com', {
    source: 'footer',
    attributes: { a: 'b' },
  })
  const shown = await get(`/api/signups/${signupId}`)
  expect(shown).toMatchObject({
    id: signupId,
    list: 'default',
    email: 'ann@example.com',
    status: 'confirmed',
    reason: null,
    source: 'footer',
    locale: 'en',
    attributes: { a: 'b' },
  })
  expect(shown.letters).toMatchObject([
    { id: letterId, kind: 'confirmation', state: 'queued', reply: null, sent_at: null },
  ])
  expect(shown.events.map((event) => event.type)).toEqual(['signed-up', 'confirmed'])
  const { letters: _, events: __, ...alone } = shown
  const page = await get('/api/signups?email=ann@example.com')
  expect(page).toEqual({ items: [alone], next: null })
})

test('a letter that was refused for now is delayed', async () => {
  const { signupId, letterId } = await house.signUp('slow@example.com')
  await house.deps.db.updateTable('letters').set({ attempts: 1 }).where('id', '=', letterId).execute()
  expect((await get(`/api/signups/${signupId}`)).letters[0]?.state).toBe('delayed')
})

describe('the search', () => {
  test('finds an address in any of its spellings', async () => {
    const { signupId } = await house.signUp('Bob@Example.com')
    for (const spelling of ['bob@example.com', 'BOB@EXAMPLE.COM', ' <bob@example.com> ']) {
      expect(await idsOf(`email=${encodeURIComponent(spelling)}`)).toEqual([signupId])
    }
  })

  test('sorts by list, state and report', async () => {
    const one = await house.signUp('one@example.com', { list: 'second' })
    const two = await house.subscribe('two@example.com', { list: 'second' })
    const three = await house.signUp('three@example.com', { list: 'second' })
    await bounce(three.letterId)
    const four = await house.signUp('four@example.com', { list: 'second' })
    await house.deps.db
      .updateTable('signups')
      .set({ expires_at: new Date(0) })
      .where('id', '=', four.signupId)
      .execute()
    expect(await idsOf('list=second')).toEqual([four, three, two, one].map((made) => made.signupId))
    expect(await idsOf('list=second&status=pending')).toEqual([one.signupId])
    expect(await idsOf('list=second&status=confirmed')).toEqual([two.signupId])
    expect(await idsOf('list=second&status=invalid')).toEqual([three.signupId])
    expect(await idsOf('list=second&status=expired')).toEqual([four.signupId])
    expect(await idsOf('list=second&bounced=true')).toEqual([three.signupId])
    expect(await idsOf('list=second&bounced=false')).toHaveLength(3)
    expect((await get(`/api/signups/${four.signupId}`)).status).toBe('expired')
  })

  test('comes in pages, newest first, and a newer signup does not shift them', async () => {
    for (let n = 0; n < 5; n++) await house.signUp(`page${n}@example.org`)
    const all = await idsOf('limit=200')
    const first = await get('/api/signups?limit=3')
    await house.signUp('newer@example.org')
    const second = await get(`/api/signups?limit=200&cursor=${first.next}`)
    const ids = [...first.items, ...second.items].map((item) => item.id)
    expect(ids).toEqual(all)
    expect(second.next).toBeNull()
  })

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=', 'cursor'],
    ['status=gone', 'status'],
    ['bounced=perhaps', 'bounced'],
    ['email=nobody', 'email'],
    ['list=nope', 'list'],
    ['status=pending&status=confirmed', 'status'],
  ])('refuses %s by name', async (query, field) => {
    expect(await get(`/api/signups?${query}`)).toMatchObject({ status: 400, code: 'bad-request', field })
  })
})

describe('a correction', () => {
  test('makes a new signup with a letter, and replaces the old one', async () => {
    const wrong = await house.signUp('carl@gmial.example', { source: 'shop', attributes: { a: 'b' } })
    await bounce(wrong.letterId)
    const { status, body } = await post(`/api/signups/${wrong.signupId}/correct`, {
      email: 'carl@gmail.example',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      email: 'carl@gmail.example',
      status: 'pending',
      source: 'shop',
      attributes: { a: 'b' },
    })
    expect(body.letters).toMatchObject([{ kind: 'confirmation', state: 'queued' }])
    const old = await get(`/api/signups/${wrong.signupId}`)
    expect(old.status).toBe('replaced')
    expect(old.events.at(-1)).toMatchObject({ type: 'corrected', detail: { replaced_by: body.id } })
    expect(await post(`/api/signups/${wrong.signupId}/correct`, { email: 'x@example.com' })).toMatchObject({
      status: 409,
      body: { code: 'wrong-status' },
    })
  })

  test('is refused by name where it is none', async () => {
    const { signupId } = await house.signUp('dora@example.com')
    const path = `/api/signups/${signupId}/correct`
    expect(await post(path, { email: 'DORA@example.com' })).toMatchObject({
      status: 409,
      body: { code: 'same-address' },
    })
    expect(await post(path, { email: 'nobody' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-email', field: 'email', reason: 'missing-at' },
    })
    expect(await post(path, { email: 5 })).toMatchObject({ status: 400, body: { field: 'email' } })
    expect(await post(path, {})).toMatchObject({ status: 400, body: { field: 'email' } })
    expect((await get(`/api/signups/${signupId}`)).status).toBe('pending')
  })

  test('of a confirmed signup is 409', async () => {
    const { signupId } = await house.subscribe('eve@example.com')
    expect((await post(`/api/signups/${signupId}/correct`, { email: 'eva@example.com' })).status).toBe(409)
  })
})

describe('one more letter', () => {
  test('goes out for a pending signup, which stays the one', async () => {
    const { signupId } = await house.signUp('frank@example.com')
    const { status, body } = await post(`/api/signups/${signupId}/resend`)
    expect([status, body.id, body.letters.length]).toEqual([202, signupId, 2])
    expect(body.events.at(-1)?.type).toBe('resent')
  })

  test('starts anew after the address bounced, and the suppression does not hold it back', async () => {
    const { signupId, letterId } = await house.signUp('grace@example.com')
    await bounce(letterId)
    const { status, body } = await post(`/api/signups/${signupId}/resend`)
    expect([status, body.status, body.id === signupId]).toEqual([202, 'pending', false])
  })

  test('does not go out for who is confirmed', async () => {
    const { signupId } = await house.subscribe('heidi@example.com')
    expect(await post(`/api/signups/${signupId}/resend`)).toMatchObject({
      status: 409,
      body: { code: 'wrong-status' },
    })
  })
})

test.each(['nonsense', '00000000-0000-7000-8000-000000000000', '%27'])('the signup %s is 404', async (id) => {
  expect(await get(`/api/signups/${id}`)).toMatchObject({ status: 404, code: 'not-found' })
  expect((await post(`/api/signups/${id}/resend`)).status).toBe(404)
  expect((await post(`/api/signups/${id}/correct`, { email: 'a@example.com' })).status).toBe(404)
})
