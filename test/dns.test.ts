// The resolver against a real DNS server on loopback that answers well, badly, late or not at all.
import { describe, expect, test } from 'vitest'
import { ofA, resolverOf, serve } from './support/dns-for-tests.ts'
import { fromZone, openDnsServer, type Said } from './support/dns-server.ts'

const aliasOf = (name: string, data: string, ttl = 300) =>
  ({ type: 'CNAME', name, ttl, class: 'IN', data }) as const
const soa = (ttl: number, minimum: number) =>
  ({
    type: 'SOA',
    name: 'example',
    ttl,
    class: 'IN',
    data: {
      mname: 'ns.example',
      rname: 'admin.example',
      serial: 1,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum,
    },
  }) as const

describe('what is there', () => {
  test('records of each type are read', async () => {
    const zone = fromZone({
      'mail.example': {
        MX: [
          { preference: 20, exchange: 'b.example' },
          { preference: 10, exchange: 'a.example' },
        ],
        A: ['192.0.2.1', '192.0.2.2'],
        AAAA: ['2001:db8::1'],
        TXT: [['v=spf1 ', '-all'], ['more']],
        NS: ['ns.example'],
      },
      '1.2.0.192.in-addr.arpa': { PTR: ['mail.example'] },
      'alias.example': { CNAME: ['mail.example'] },
    })
    const { ask } = resolverOf([await serve(zone)])
    const found = (records: unknown[]) => ({ kind: 'found', ttl: 300, records })
    expect(await ask('mail.example', 'MX')).toEqual(
      found([
        { preference: 20, exchange: 'b.example' },
        { preference: 10, exchange: 'a.example' },
      ]),
    )
    expect(await ask('mail.example', 'A')).toEqual(found(['192.0.2.1', '192.0.2.2']))
    expect(await ask('mail.example', 'AAAA')).toEqual(found(['2001:db8::1']))
    expect(await ask('mail.example', 'TXT')).toEqual(found(['v=spf1 -all', 'more']))
    expect(await ask('MAIL.example.', 'NS')).toEqual(found(['ns.example']))
    expect(await ask('1.2.0.192.in-addr.arpa', 'PTR')).toEqual(found(['mail.example']))
    expect(await ask('alias.example', 'CNAME')).toEqual(found(['mail.example']))
  })

  test('a null MX is an exchange of "."', async () => {
    const { ask } = resolverOf([
      await serve(fromZone({ 'none.example': { MX: [{ preference: 0, exchange: '.' }] } })),
    ])
    expect(await ask('none.example', 'MX')).toMatchObject({ records: [{ preference: 0, exchange: '.' }] })
  })

  test('a name in other letters is asked for in ASCII', async () => {
    const server = await serve(fromZone({ 'xn--bcher-kva.example': { A: ['192.0.2.1'] } }))
    expect(await resolverOf([server]).ask('Bücher.example', 'A')).toMatchObject({ kind: 'found' })
  })

  test('the time to live is the least on the way, and nothing beside the way counts', async () => {
    const server = await serve(() => ({
      answers: [
        ofA('other.example', '203.0.113.9', 1),
        aliasOf('a.example', 'B.example', 200),
        ofA('b.example', '192.0.2.1', 500),
        ofA('b.example', '192.0.2.2', 400),
      ],
    }))
    expect(await resolverOf([server]).ask('a.example', 'A')).toEqual({
      kind: 'found',
      records: ['192.0.2.1', '192.0.2.2'],
      ttl: 200,
    })
  })
})

describe('what is not there', () => {
  test('no such domain and no such records are told apart, with how long that holds', async () => {
    const server = await serve(({ name }) =>
      name === 'none.example' ? { code: 3, authorities: [soa(900, 60)] } : { authorities: [soa(30, 60)] },
    )
    const { ask } = resolverOf([server])
    expect(await ask('none.example', 'MX')).toEqual({ kind: 'no-such-domain', ttl: 60 })
    expect(await ask('some.example', 'MX')).toEqual({ kind: 'no-records', ttl: 30 })
  })

  test('an alias to nowhere is no such domain', async () => {
    const server = await serve(({ name }) =>
      name === 'a.example' ? { code: 3, answers: [aliasOf(name, 'gone.example')] } : { code: 0 },
    )
    expect(await resolverOf([server]).ask('a.example', 'MX')).toMatchObject({ kind: 'no-such-domain' })
  })

  test.each([
    ['a..b'],
    [''],
    ['.'],
    [`${'x'.repeat(64)}.example`],
    [`${'x.'.repeat(127)}example`],
    ['a b.example'],
  ])('%j is no name, and nobody is asked', async (name) => {
    const server = await serve(fromZone({}))
    expect(await resolverOf([server]).ask(name, 'A')).toMatchObject({
      kind: 'no-answer',
      why: expect.stringContaining('no name'),
    })
    expect(server.asked).toEqual([])
  })
})

describe('aliases', () => {
  test('are followed when the server does not', async () => {
    const zone = { 'a.example': { CNAME: ['b.example'] }, 'b.example': { CNAME: ['c.example'] } }
    const server = await serve(fromZone({ ...zone, 'c.example': { TXT: [['here']] } }))
    expect(await resolverOf([server]).ask('a.example', 'TXT')).toMatchObject({ records: ['here'] })
  })

  test('without end are given up, in one answer and over many', async () => {
    const circle = () => ({ answers: [aliasOf('a.example', 'b.example'), aliasOf('b.example', 'a.example')] })
    const inOne = await serve(circle)
    let n = 0
    const overMany = await serve(({ name }) => ({ answers: [aliasOf(name, `${n++}.example`)] }))
    for (const server of [inOne, overMany]) {
      expect(await resolverOf([server]).ask('a.example', 'A')).toEqual({
        kind: 'no-answer',
        why: expect.stringContaining('CNAME'),
      })
      expect(server.asked.length).toBeLessThan(12)
    }
  })
})

describe('a server in trouble', () => {
  test.each([
    [2, 'SERVFAIL'],
    [5, 'REFUSED'],
    [9, 'error code 9'],
  ])('code %i is no answer, named %s', async (code, words) => {
    const server = await serve(() => ({ code }))
    const answer = await resolverOf([server]).ask('a.example', 'A')
    expect(answer).toMatchObject({ kind: 'no-answer', why: expect.stringContaining(words) })
    expect(answer).toMatchObject({ why: expect.stringContaining(server.address) })
  })

  test('a pointer to other servers is no answer either', async () => {
    const ns = { type: 'NS', name: 'example', ttl: 1, class: 'IN', data: 'ns.example' } as const
    const server = await serve(() => ({ flags: 0, authorities: [ns] }))
    expect(await resolverOf([server]).ask('a.example', 'A')).toMatchObject({ kind: 'no-answer' })
  })

  test('silence is no answer, asked twice within the limit', async () => {
    const server = await serve(() => 'silence')
    expect(await resolverOf([server], 1_500).ask('a.example', 'A')).toMatchObject({
      kind: 'no-answer',
      why: expect.stringContaining('did not answer in time'),
    })
    expect(server.asked).toHaveLength(2)
  })

  test('the next server is asked, and the first that knows decides', async () => {
    const troubled = await serve(() => ({ code: 2 }))
    const closed = await openDnsServer(() => 'silence')
    await closed.close()
    const knows = await serve(() => ({ code: 3 }))
    const never = await serve(() => ({ answers: [ofA('a.example', '192.0.2.1')] }))
    const resolver = resolverOf([troubled, closed, knows, never])
    expect(await resolver.ask('a.example', 'A')).toMatchObject({ kind: 'no-such-domain' })
    expect(never.asked).toEqual([])
  })

  test('one from before EDNS is asked again without it', async () => {
    const server = await serve(({ edns }) =>
      edns ? { code: 1 } : { answers: [ofA('a.example', '192.0.2.1')] },
    )
    expect(await resolverOf([server]).ask('a.example', 'A')).toMatchObject({ kind: 'found' })
    expect(server.asked.map(({ edns }) => edns)).toEqual([true, false])
  })

  test('closing ends what is under way', async () => {
    const heard = Promise.withResolvers<void>()
    const server = await serve(() => {
      heard.resolve()
      return 'silence'
    })
    const resolver = resolverOf([server])
    const asking = resolver.ask('a.example', 'A')
    await heard.promise
    await resolver.close()
    expect(await asking).toMatchObject({ kind: 'no-answer' })
    expect(await resolver.ask('a.example', 'A')).toMatchObject({ kind: 'no-answer' })
  })
})

describe('answers that do not fit into a datagram', () => {
  const long = Array.from({ length: 20 }, (_, n) => [`${n} ${'x'.repeat(200)}`])

  test('come by TCP', async () => {
    const zone = fromZone({ 'long.example': { TXT: long } })
    const server = await serve((asked) => (asked.transport === 'udp' ? { truncated: true } : zone(asked)))
    const answer = await resolverOf([server]).ask('long.example', 'TXT')
    expect(answer).toMatchObject({ kind: 'found', records: long.flat() })
    expect(server.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  test.each<[string, Said]>([
    ['an end of the connection', 'hang up'],
    ['garbage', { bytes: Buffer.alloc(40, 7) }],
  ])('and %s is no answer', async (_, said) => {
    const server = await serve(({ transport }) => (transport === 'udp' ? { truncated: true } : said))
    expect(await resolverOf([server]).ask('a.example', 'TXT')).toMatchObject({
      kind: 'no-answer',
      why: expect.stringContaining('TCP'),
    })
  })
})
