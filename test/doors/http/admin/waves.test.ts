import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiveBounce } from '../../../../src/flows/receive-bounce.ts'
import { beginWave } from '../../../../src/store/waves.ts'
import { type AdminHouse, openAdminHouse } from '../../../support/admin-house.ts'
import { faultsIn, isObject, undescribed } from '../../../support/json-schema.ts'

type Wave = {
  id: string
  kind: string
  subject: string | null
  state: string
  ended_why: string | null
  undo: object | null
  examples: { signup: string; reply: string; category: string; status: string }[]
}
type Page = { items: Wave[]; next: string | null }

let house: AdminHouse
const refused: string[] = []

beforeAll(async () => {
  house = await openAdminHouse()
  for (let n = 0; n < 12; n++) {
    const { signupId, letterId } = await house.signUp(`ill${n}@a.example`)
    refused.push(signupId)
    await receiveBounce(house.deps, {
      door: 'relay',
      at: house.deps.now(),
      fingerprint: Buffer.from(randomUUID()),
      letterId,
      report: {
        category: 'mailbox-does-not-exist',
        status: '5.1.1',
        reply: '550 5.1.1 no such user',
        recipient: null,
        rule: null,
        forwarded: false,
      },
    })
  }
})
afterAll(() => house.close())

async function begin(subject = 'a.example', kind: 'domain' | 'reputation' = 'domain'): Promise<string> {
  const id = randomUUIDv7()
  await beginWave(house.database.db, {
    id,
    kind,
    subject,
    domains: [subject],
    began_at: new Date(house.deps.now().getTime() - 3_600_000),
    noticed_at: house.deps.now(),
    numbers: { clients: 12, accepted: 1, before: { refused: 2, accepted: 98 }, usual: 0.025 },
  })
  return id
}

const page = (query = '') => house.json<Page>(`/api/waves${query}`)

test('a wave is shown with its numbers and ten examples at most', async () => {
  const id = await begin()
  const wave = await house.json<Wave>(`/api/waves/${id}`)
  expect(wave).toEqual({
    id,
    kind: 'domain',
    subject: 'a.example',
    domains: ['a.example'],
    state: 'open',
    began_at: expect.stringMatching(/Z$/),
    noticed_at: expect.stringMatching(/Z$/),
    ended_at: null,
    ended_why: null,
    numbers: { clients: 12, accepted: 1, before: { refused: 2, accepted: 98 }, usual: 0.025 },
    held: 0,
    undo: null,
    examples: expect.any(Array),
  })
  expect(wave.examples).toHaveLength(10)
  for (const example of wave.examples) {
    expect(refused).toContain(example.signup)
    expect(example).toMatchObject({
      reply: '550 5.1.1 no such user',
      status: '5.1.1',
      category: 'mailbox-does-not-exist',
    })
  }
  await house.send('POST', `/api/waves/${id}/resume`)
  const document: unknown = await (await house.app.request('/openapi.json')).json()
  const components = isObject(document) && isObject(document.components) ? document.components : {}
  const schema = isObject(components.schemas) ? components.schemas.Wave : undefined
  expect(schema).toBeDefined()
  if (!isObject(document)) throw new Error('there is no document')
  expect([...faultsIn(wave, schema, document), ...undescribed(wave, schema, document)]).toEqual([])
})

test('they come newest first, in pages, and by state', async () => {
  const ids = [await begin('b.example'), await begin('c.example'), await begin('', 'reputation')]
  const { items } = await page('?state=open')
  expect(items.map(({ id }) => id)).toEqual(ids.toReversed())
  expect(items[0]).toMatchObject({ kind: 'reputation', subject: null })
  const paged: string[] = []
  let next: string | null = null
  do {
    const one: Page = await page(`?limit=2${next === null ? '' : `&cursor=${next}`}`)
    paged.push(...one.items.map(({ id }) => id))
    next = one.next
  } while (next !== null)
  expect(paged).toEqual((await page('?limit=200')).items.map(({ id }) => id))
  expect(await page('?cursor=x')).toMatchObject({ status: 400, field: 'cursor' })
  expect(await page('?state=x')).toMatchObject({ status: 400, field: 'state' })
  for (const id of ids) await house.send('POST', `/api/waves/${id}/resume`)
  expect((await page('?state=open')).items).toEqual([])
})

test('resumed by hand it is over, and a second time changes nothing', async () => {
  const id = await begin()
  const first = await house.send<Wave>('POST', `/api/waves/${id}/resume`)
  expect(first).toMatchObject({ status: 200, body: { state: 'over', ended_why: 'resumed' } })
  expect(await house.send('POST', `/api/waves/${id}/resume`)).toEqual(first)
})

test('undone it answers 202 with counts, and so it does a second time', async () => {
  const id = await begin()
  const first = await house.send<Wave>('POST', `/api/waves/${id}/undo`)
  expect(first).toMatchObject({
    status: 202,
    body: { state: 'undone', undo: { found: 12, sent: 0, skipped: 0, done_at: null } },
  })
  expect(await house.send('POST', `/api/waves/${id}/undo`)).toEqual(first)
  const acts = await house.database.db
    .selectFrom('acts')
    .selectAll()
    .where('type', '=', 'wave-undone')
    .execute()
  expect(acts).toMatchObject([{ detail: { wave: id, found: 12 } }])
  expect(await house.send<Wave>('POST', `/api/waves/${id}/resume`)).toMatchObject({
    body: { state: 'undone' },
  })
})

test.each(['x', '01890000-0000-7000-8000-000000000000'])('there is no wave %s', async (id) => {
  expect(await house.send('GET', `/api/waves/${id}`)).toMatchObject({
    status: 404,
    body: { code: 'not-found' },
  })
  expect((await house.send('POST', `/api/waves/${id}/undo`)).status).toBe(404)
  expect((await house.send('POST', `/api/waves/${id}/resume`)).status).toBe(404)
})

test('nobody without the token sees or undoes one', async () => {
  expect((await house.app.request('/api/waves')).status).toBe(401)
  expect((await house.app.request('/api/waves/x/undo', { method: 'POST' })).status).toBe(401)
})
