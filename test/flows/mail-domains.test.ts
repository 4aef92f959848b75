// Which domains take mail, asked of real DNS servers on loopback, and what is believed of their answers.
import { expect, onTestFinished, test } from 'vitest'
import { type MailDomains, openMailDomains } from '../../src/flows/mail-domains.ts'
import { ofA, resolverOf, serve } from '../support/dns-for-tests.ts'
import type { Asked, DnsServer, Said } from '../support/dns-server.ts'
import { eventually } from '../support/letters.ts'

const noSuchDomain = 3
const serverFailure = 2

const mx = (name: string, exchange: string, ttl = 300) =>
  ({ type: 'MX', name, ttl, class: 'IN', data: { preference: 10, exchange } }) as const
const soa = (name: string, ttl = 60) =>
  ({
    type: 'SOA',
    name,
    ttl,
    class: 'IN',
    data: { mname: 'ns', rname: 'x', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: ttl },
  }) as const

/** A part of the internet: gmail.com and those in `names`; the rest is not there. */
function internet(names: Record<string, Said | ((asked: Asked) => Said)> = {}) {
  return (asked: Asked): Said => {
    const said = names[asked.name]
    if (said !== undefined) return typeof said === 'function' ? said(asked) : said
    if (asked.name === 'gmail.com')
      return { answers: asked.type === 'MX' ? [mx('gmail.com', 'mx.gmail.com')] : [] }
    return { code: noSuchDomain, authorities: [soa('.')] }
  }
}

function open(servers: readonly DnsServer[], more: Partial<Parameters<typeof openMailDomains>[0]> = {}) {
  const domains = openMailDomains({
    resolvers: servers.map((server) => resolverOf([server], more.clock === undefined ? 20_000 : 300)),
    ...more,
  })
  onTestFinished(() => domains.close())
  return domains
}

const isDead = (domains: MailDomains, domain: string) => domains.takesNoMail({ local: 'ann', domain })
const asked = (server: DnsServer, name: string) => server.asked.filter((one) => one.name === name).length

test('no such domain, no records at all, and a null MX take no mail', async () => {
  const server = await serve(
    internet({
      'bare.org': { answers: [], authorities: [soa('bare.org')] },
      'null.org': ({ type }) => ({
        answers: type === 'MX' ? [mx('null.org', '.')] : [ofA('null.org', '192.0.2.1')],
      }),
    }),
  )
  const domains = open([server])
  for (const name of ['gone.org', 'bare.org', 'null.org', 'xn--gne-hoa.org']) {
    expect(await isDead(domains, name), name).toBe(true)
  }
})

test('an MX, or an address without an MX, is enough', async () => {
  const server = await serve(
    internet({
      'mx.org': ({ type }) => ({ answers: type === 'MX' ? [mx('mx.org', 'mail.mx.org')] : [] }),
      'v4.org': ({ type }) => ({ answers: type === 'A' ? [ofA('v4.org', '192.0.2.1')] : [] }),
      'v6.org': ({ type }) => ({
        answers: type === 'AAAA' ? [{ type, name: 'v6.org', ttl: 60, class: 'IN', data: '2001:db8::1' }] : [],
      }),
      'alias.org': ({ type }) => ({
        answers: [
          { type: 'CNAME', name: 'alias.org', ttl: 60, class: 'IN', data: 'mx.org' },
          ...(type === 'MX' ? [mx('mx.org', 'mail.mx.org')] : []),
        ],
      }),
    }),
  )
  const domains = open([server])
  for (const name of ['mx.org', 'v4.org', 'v6.org', 'alias.org'])
    expect(await isDead(domains, name), name).toBe(false)
})

test('a large answer that only TCP can carry is read', async () => {
  const many = Array.from({ length: 60 }, (_, n) => mx('large.org', `mail-${n}.large-company.example.org`))
  const server = await serve(
    internet({
      'large.org': ({ transport }) => (transport === 'udp' ? { truncated: true } : { answers: many }),
    }),
  )
  expect(await isDead(open([server]), 'large.org')).toBe(false)
  expect(server.asked.some(({ name, transport }) => name === 'large.org' && transport === 'tcp')).toBe(true)
})

test('a server in trouble, aliases in a circle and rubbish say nothing, so nobody is stopped', async () => {
  const circle = (name: string, data: string) =>
    ({ type: 'CNAME', name, ttl: 60, class: 'IN', data }) as const
  const server = await serve(
    internet({
      'broken.org': { code: serverFailure },
      'circle.org': { answers: [circle('circle.org', 'other.org'), circle('other.org', 'circle.org')] },
      'half.org': ({ type }) => (type === 'AAAA' ? { code: serverFailure } : { answers: [] }),
    }),
  )
  const domains = open([server])
  for (const name of ['broken.org', 'circle.org', 'half.org'])
    expect(await isDead(domains, name), name).toBe(false)
})

test('a resolver that knows nothing at all, as in a hotel or behind a split horizon, is not believed', async () => {
  const captive = await serve(() => ({ code: noSuchDomain, authorities: [soa('.')] }))
  const domains = open([captive])
  expect(await isDead(domains, 'gone.org')).toBe(false)
  expect(asked(captive, 'gmail.com')).toBeGreaterThan(0)
})

test('the word of one resolver does not vouch for another', async () => {
  const inside = await serve(() => ({ code: noSuchDomain, authorities: [soa('.')] }))
  const outside = await serve(internet({ 'real.org': { answers: [mx('real.org', 'mail.real.org')] } }))
  const domains = open([inside, outside])
  expect(await isDead(domains, 'real.org')).toBe(false)
  expect(await isDead(domains, 'gone.org')).toBe(true)
  expect(asked(outside, 'gone.org')).toBe(1)
})

test('the control name is asked again after a minute, and what was trusted before is not any more', async () => {
  let time = 0
  let isCaptive = false
  const world = internet()
  const server = await serve((one) =>
    isCaptive ? { code: noSuchDomain, authorities: [soa('.')] } : world(one),
  )
  const domains = open([server], { clock: () => time })
  expect(await isDead(domains, 'gone.org')).toBe(true)
  isCaptive = true
  time += 30_000
  expect(await isDead(domains, 'gone-too.org')).toBe(true)
  time += 61_000
  expect(await isDead(domains, 'gone-as-well.org')).toBe(false)
})

test('names that belong to nobody, and single labels, are never asked', async () => {
  const server = await serve(internet())
  const domains = open([server])
  const names = [
    'example.com',
    'mail.example.org',
    'a.test',
    'b.invalid',
    'c.localhost',
    'd.local',
    'e.home.arpa',
    'intranet',
  ]
  for (const name of names) expect(await isDead(domains, name), name).toBe(false)
  expect(server.asked).toEqual([])
})

test('the parts that the dev mailbox plays are not asked about, at any domain', async () => {
  const server = await serve(internet())
  const domains = open([server], { isPlayed: (email) => email.startsWith('refuse-') })
  expect(await domains.takesNoMail({ local: 'refuse-5.1.1', domain: 'gone.org' })).toBe(false)
  expect(server.asked).toEqual([])
  expect(await domains.takesNoMail({ local: 'ann', domain: 'gone.org' })).toBe(true)
})

test('an answer is kept as long as it says, within bounds, and asked once for all who wait', async () => {
  let time = 0
  const server = await serve(
    internet({
      'brief.org': { answers: [mx('brief.org', 'mail.brief.org', 0)] },
      'long.org': { answers: [mx('long.org', 'mail.long.org', 86_400)] },
      'gone-long.org': { code: noSuchDomain, authorities: [soa('org', 86_400)] },
    }),
  )
  const domains = open([server], { clock: () => time })
  const names = ['brief.org', 'long.org', 'gone-long.org']
  const askAll = () => Promise.all(names.flatMap((name) => [1, 2, 3].map(() => isDead(domains, name))))
  const counts = () =>
    names.map((name) => server.asked.filter((one) => one.name === name && one.type === 'MX').length)
  await askAll()
  expect(counts()).toEqual([1, 1, 1])
  time = 9_000
  await askAll()
  expect(counts()).toEqual([1, 1, 1])
  time = 11_000
  await askAll()
  expect(counts()).toEqual([2, 1, 1])
  time = 301_000
  await askAll()
  expect(counts()).toEqual([3, 1, 2])
  time = 3_601_000
  await askAll()
  expect(counts()).toEqual([4, 2, 3])
})

test('domains in trouble of their own take nothing away from the others', async () => {
  const world = internet()
  const server = await serve((one) => (one.name.startsWith('lame') ? { code: serverFailure } : world(one)))
  const domains = open([server])
  for (let n = 0; n < 6; n++) expect(await isDead(domains, `lame${n}.org`)).toBe(false)
  expect(await isDead(domains, 'gone.org')).toBe(true)
})

test('a silent DNS holds a signup up for a second at most, and soon nobody waits; when it is back it is asked again', async () => {
  let time = 0
  let isSilent = true
  const world = internet()
  const server = await serve((one) => (isSilent ? 'silence' : world(one)))
  const seen: string[] = []
  const domains = open([server], { clock: () => time, observe: (result) => seen.push(result) })
  for (const name of ['a.org', 'b.org', 'c.org']) expect(await isDead(domains, name)).toBe(false)
  const before = server.asked.length
  const many = await Promise.all(Array.from({ length: 50 }, (_, n) => isDead(domains, `d${n}.org`)))
  expect(many).toEqual(Array.from({ length: 50 }, () => false))
  const names = new Set(server.asked.slice(before).map(({ name }) => name))
  expect([...names].filter((name) => name.startsWith('d')).length).toBeLessThanOrEqual(1)
  isSilent = false
  time = 60_000
  await eventually(async () => (await isDead(domains, 'gone.org')) && true)
  expect(new Set(seen)).toEqual(new Set(['unknown', 'takes-no-mail']))
})
