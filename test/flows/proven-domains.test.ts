// A domain counts as real once two different people confirmed an address at it, in every process, for good.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAddress } from '../../src/core/address.ts'
import { confirm } from '../../src/flows/confirm.ts'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { examineAddress } from '../../src/flows/examine-address.ts'
import { openProvenDomains, type ProvenDomains, witnessDomain } from '../../src/flows/proven-domains.ts'
import { newPurgePlaces, purge } from '../../src/flows/purge.ts'
import { openSuggesters } from '../../src/flows/suggesters.ts'
import { inTransaction } from '../../src/store/open-database.ts'
import { day, type FlowService, openFlowService, someone, tokenIn } from '../support/flow-service.ts'
import { eventually } from '../support/letters.ts'

let flows: FlowService
/** As another process on the same database has them. */
let elsewhere: ProvenDomains

beforeAll(async () => {
  flows = await openFlowService()
  elsewhere = await openProvenDomains(flows.service.db, flows.service.notices)
})
afterAll(() => flows.close())

const proven = () => flows.service.suggesters.proven
const newDomain = () => `gmail-${randomUUID().slice(0, 8)}.com`

function readOne(email: string) {
  const reading = readAddress(email)
  if (reading.kind === 'invalid') throw new Error(`${email} is no address`)
  return reading
}

async function subscribe(email: string, from: { address: string | null; key: string | null } = someone) {
  await flows.signUp(email)
  const token = tokenIn(flows.lettersTo(email).at(-1), 'confirm')
  expect(await confirm(flows.service, { token, client: { ...someone, ...from } })).toMatchObject({
    kind: 'confirmed',
  })
}

const at = (address: string) => ({ address, key: `4:${address}` })
const told = (domain: string) =>
  eventually(async () => proven().has(domain) && elsewhere.has(domain), `the proof of ${domain}`)

async function witnesses(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from domain_witnesses`.execute(
    flows.service.db,
  )
  return rows[0]?.n ?? 0
}

async function ask(email: string) {
  const { address, question } = readOne(email)
  return examineAddress(flows.service, { address, question, list: null, locale: null, asTyped: false })
}

describe('two different people', () => {
  test('prove a domain that was questioned, in every process, and nothing of them is kept', async () => {
    expect(await ask('ann@gmaill.com')).toMatchObject({ kind: 'did-you-mean' })
    const before = await witnesses()
    await subscribe('ann@gmaill.com')
    await proven().refresh()
    expect(await ask('ann@gmaill.com')).toMatchObject({ kind: 'did-you-mean' })
    await subscribe('bob@gmaill.com')
    await told('gmaill.com')
    expect(await ask('eve@gmaill.com')).toEqual({ kind: 'fine', declined: null, disposable: false })
    expect(await ask('eve@mail.gmaill.com')).toMatchObject({ kind: 'fine' })
    expect(await witnesses()).toBe(before)
  })

  test('are not one with a tag, nor one on two lists', async () => {
    const domain = newDomain()
    await flows.service.db
      .insertInto('lists')
      .values({ slug: 'other', name: 'Other', locale: 'en' })
      .execute()
    await subscribe(`ann@${domain}`)
    await subscribe(`ann+news@${domain}`)
    await flows.signUp(`ann@${domain}`, 'other')
    const token = tokenIn(flows.lettersTo(`ann@${domain}`).at(-1), 'confirm')
    await confirm(flows.service, { token, client: someone })
    await proven().refresh()
    expect(proven().has(domain)).toBe(false)
  })

  test('from one network are one until they are five; a network of one’s own or inside one says nothing', async () => {
    const [domain, inside] = [newDomain(), newDomain()]
    for (const name of ['a', 'b', 'c', 'd']) await subscribe(`${name}@${domain}`, at('203.0.113.9'))
    await proven().refresh()
    expect(proven().has(domain)).toBe(false)
    await subscribe(`e@${domain}`, at('203.0.113.9'))
    await told(domain)
    for (const name of ['a', 'b']) await subscribe(`${name}@${inside}`, at('192.168.1.20'))
    await told(inside)
  })

  test('from two networks are two', async () => {
    const domain = newDomain()
    await subscribe(`a@${domain}`, at('203.0.113.9'))
    await subscribe(`b@${domain}`, at('198.51.100.7'))
    await told(domain)
  })

  test('who confirm in the same moment are both counted', async () => {
    const { db, addressKey } = flows.service
    const none = { has: () => false, refresh: async () => {} }
    for (let round = 0; round < 5; round++) {
      const domain = newDomain()
      await Promise.all(
        ['a', 'b'].map((name) =>
          inTransaction(db, (trx) => {
            const { address } = readOne(`${name}@${domain}`)
            return witnessDomain(
              trx,
              { addressKey, proven: none },
              { address, client: someone, at: new Date() },
            )
          }),
        ),
      )
      await told(domain)
    }
  })
})

test('what is proven is known at the next start, survives the people, and goes when it is taken out', async () => {
  const { db, notices } = flows.service
  const domain = newDomain()
  await subscribe(`ann@${domain}`)
  await subscribe(`bob@${domain}`)
  for (const name of ['ann', 'bob']) {
    await erasePerson({ ...flows.service, eraseFromMailbox: async () => {} }, `${name}@${domain}`)
  }
  const started = await openProvenDomains(db, notices)
  expect(started.has(domain)).toBe(true)
  await db.deleteFrom('proven_domains').where('name', '=', domain).execute()
  await started.refresh()
  expect(started.has(domain)).toBe(false)
})

test('who is erased stands for nothing any more, and neither does who is too old', async () => {
  const domain = newDomain()
  const before = await witnesses()
  await subscribe(`ann@${domain}`)
  expect(await witnesses()).toBe(before + 1)
  await erasePerson({ ...flows.service, eraseFromMailbox: async () => {} }, `ann@${domain}`)
  expect(await witnesses()).toBe(before)
  await subscribe(`bob@${domain}`)
  await proven().refresh()
  expect(proven().has(domain)).toBe(false)
  flows.advance(4 * 365 * day)
  await purge(flows.service, newPurgePlaces())
  expect(await witnesses()).toBe(0)
})

test('the large providers need no proof', async () => {
  const before = await witnesses()
  await subscribe('ann@gmail.com')
  expect(await witnesses()).toBe(before)
})

test('not even letters of another script are asked about once they are proven', async () => {
  const reading = readOne('ann@gm\u0430il.com')
  const asked = { ...reading, list: null, locale: null, asTyped: false }
  expect(reading.question).toMatchObject({ domain: 'gmail.com', reason: 'format' })
  expect(await examineAddress(flows.service, asked)).toMatchObject({ kind: 'did-you-mean' })
  const all = {
    has: (domain: string) => domain === reading.address.domain,
    refresh: async () => {},
  }
  const service = { ...flows.service, suggesters: openSuggesters([], all) }
  expect(await examineAddress(service, asked)).toMatchObject({ kind: 'fine' })
})

test('no domain that is proven is ever questioned, whatever it looks like', async () => {
  const slip = fc
    .tuple(
      fc.constantFrom(
        'gmail.com',
        'hotmail.com',
        'yahoo.com',
        'web.de',
        't-online.de',
        'outlook.com',
        'xn--gmil-63d.com',
      ),
      fc.nat(10),
      fc.constantFrom('', 'a', 'm', 'xx', '-'),
    )
    .map(
      ([domain, place, put]) =>
        domain.slice(0, place % domain.length) + put + domain.slice((place % domain.length) + 1),
    )
  await fc.assert(
    fc.asyncProperty(
      slip,
      fc.constantFrom('', 'mail.', 'a.b.'),
      fc.constantFrom(null, 'de', 'pt-BR'),
      async (typed, sub, locale) => {
        const reading = readAddress(`ann@${sub}${typed}`)
        if (reading.kind === 'invalid' || readAddress(`ann@${typed}`).kind === 'invalid') return
        const names = new Set([typed])
        const all = { has: (domain: string) => names.has(domain), refresh: async () => {} }
        const suggesters = openSuggesters(['gmall.com'], all)
        const { address } = reading
        // letters of another script are asked about in sub-domains too: those are not what was proven
        const question = sub === '' ? reading.question : null
        const asked = { address, question, list: null, locale, asTyped: false }
        expect(await examineAddress({ ...flows.service, suggesters }, asked)).toMatchObject({ kind: 'fine' })
      },
    ),
    { numRuns: 300 },
  )
})
