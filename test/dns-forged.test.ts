// Answers that are not ours: forged, late or garbled ones beside the true one, and without it.
import { encode } from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReply, writeQuery } from '../src/dns/message.ts'
import { ofA, resolverOf, serve, short } from './support/dns-for-tests.ts'
import { type Asked, fromZone, type Said } from './support/dns-server.ts'

const truth = { answers: [ofA('a.example', '192.0.2.1')] }
const forged = { answers: [ofA('a.example', '203.0.113.66')] }
const asked = { type: 'A', name: 'a.example', class: 'IN' } as const

function impostors({ id }: { id: number }): [string, Said][] {
  const flags = 0x8180
  const packet = (changes: object) => ({ packet: { id, flags, questions: [asked], ...forged, ...changes } })
  return [
    ['another id', packet({ id: id ^ 1 })],
    ['another name', packet({ questions: [{ ...asked, name: 'b.example' }] })],
    ['another type', packet({ questions: [{ ...asked, type: 'AAAA' }] })],
    ['another class', packet({ questions: [{ ...asked, class: 'CH' }] })],
    ['two questions', packet({ questions: [asked, asked] })],
    ['no question', packet({ questions: [] })],
    ['no answer at all', { bytes: Buffer.from([id >> 8, id & 255, 1, 2, 3]) }],
    [
      'cut off',
      { bytes: encode({ type: 'response', id, flags, questions: [asked], ...forged }).subarray(0, 30) },
    ],
    ['a query', { bytes: encode({ type: 'query', id, questions: [asked], ...forged }) }],
  ]
}

test('are passed over, and the true one behind them counts', async () => {
  const server = await serve((one) => ({ each: [...impostors(one).map(([, said]) => said), truth] }))
  expect(await resolverOf([server]).ask('a.example', 'A')).toMatchObject({ records: ['192.0.2.1'] })
})

test.each(impostors({ id: 0 }).map(([what], n) => [what, n] as const))(
  '%s alone is no answer',
  async (_, n) => {
    const server = await serve((one) => impostors(one)[n]?.[1] ?? 'silence')
    expect(await resolverOf([server], short).ask('a.example', 'A')).toMatchObject({ kind: 'no-answer' })
  },
)

test('a late answer to the question before is not taken for this one', async () => {
  let late: Asked | null = null
  const server = await serve((one) => {
    const before = late
    late ??= one
    if (before === null || before.id === one.id) return 'silence'
    return { packet: { id: before.id, flags: 0x8180, questions: [asked], ...forged } }
  })
  const resolver = resolverOf([server], short)
  expect(await resolver.ask('a.example', 'A')).toMatchObject({ kind: 'no-answer' })
  expect(await resolver.ask('a.example', 'A')).toMatchObject({ kind: 'no-answer' })
})

test('every question has an id and a port of its own', async () => {
  const server = await serve(fromZone({ 'a.example': { A: ['192.0.2.1'] } }))
  const { ask } = resolverOf([server])
  await Promise.all(Array.from({ length: 40 }, () => ask('a.example', 'A')))
  expect(new Set(server.asked.map(({ id }) => id)).size).toBeGreaterThan(30)
  expect(new Set(server.asked.map(({ port }) => port)).size).toBeGreaterThan(30)
})

test('whatever the bytes are, reading them says nothing or a reply, and never throws', () => {
  const query = writeQuery({ name: 'a.example', type: 'A' }, true)
  const good = encode({ type: 'response', id: query.id, flags: 0x8180, questions: [asked], ...truth })
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(good.length), (noise, at) => {
      const id = Buffer.from([query.id >> 8, query.id & 255])
      readReply(Buffer.concat([id, noise]), query)
      readReply(Buffer.concat([good.subarray(0, Math.max(at, 2)), noise]), query)
    }),
  )
})
