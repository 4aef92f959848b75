// POST /signups: bodies that cannot be read, whole or in part.
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, newAddress, postRaw } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
})
afterAll(async () => {
  expect(service.logged.filter((line) => line.includes('request-failed'))).toEqual([])
  await service.close()
})

describe('a body that cannot be read', () => {
  const good = '{"email":"a@example.com"}'
  test.each([
    ['cut short', '{"email":"a@exam'],
    ['empty', ''],
    ['a list', '[{"email":"a@example.com"}]'],
    ['a string', '"a@example.com"'],
    ['null', 'null'],
    ['nested a hundred thousand deep', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['nested in a field', `{"email":"a@example.com","x":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`],
  ])('is 400: JSON that is %s', async (_, body) => {
    await expectProblem(await postRaw(service, body, 'application/json'), 400, 'bad-request')
  })

  test('is 400: bytes that are no UTF-8, in each encoding', async () => {
    const bytes = new Uint8Array([...Buffer.from('{"email":"'), 0xff, 0xfe, ...Buffer.from('@example.com"}')])
    await expectProblem(await postRaw(service, bytes, 'application/json'), 400, 'bad-request')
    await expectProblem(
      await postRaw(service, 'email=%ff%fe', 'application/x-www-form-urlencoded'),
      400,
      'bad-request',
    )
    const form = 'application/x-www-form-urlencoded'
    await expectProblem(
      await postRaw(service, new Uint8Array([...Buffer.from('email='), 0xff]), form),
      400,
      'bad-request',
    )
    await expectProblem(
      await postRaw(service, 'no parts', 'multipart/form-data; boundary=x'),
      400,
      'bad-request',
    )
    await expectProblem(await postRaw(service, 'no boundary', 'multipart/form-data'), 400, 'bad-request')
  })

  test.each(['text/plain', 'application/xml', 'application/jsonx', ''])('is 415: %j', async (type) => {
    await expectProblem(
      await postRaw(service, new Uint8Array(Buffer.from(good)), type),
      415,
      'unsupported-media-type',
    )
  })

  test('is 415: another charset, or compressed', async () => {
    await expectProblem(
      await postRaw(service, good, 'application/json; charset=utf-16'),
      415,
      'unsupported-media-type',
    )
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const answer = await service.fetch('/signups', { method: 'POST', body: good, headers })
    await expectProblem(answer, 415, 'unsupported-media-type')
  })

  test('is 413: over 64 KB, whether its length is said or not', async () => {
    const body = JSON.stringify({ email: 'a@example.com', x: 'y'.repeat(64 * 1024) })
    await expectProblem(await postRaw(service, body, 'application/json'), 413, 'too-large')
    const stream = new Blob([body]).stream()
    const headers = { 'content-type': 'application/json' }
    const answer = await service.fetch('/signups', { method: 'POST', body: stream, headers, duplex: 'half' })
    await expectProblem(answer, 413, 'too-large')
  })

  test('of whatever characters is never a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), fc.nat(2), async (text, encoding) => {
        const type =
          ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'][
            encoding
          ] ?? ''
        const answer = await postRaw(service, text, type)
        expect([400, 415]).toContain(answer.status)
        await answer.arrayBuffer()
      }),
      { numRuns: 60 },
    )
  })

  test('because it stops half way costs nothing but its connection', async () => {
    const { port } = new URL(service.base)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'POST /signups HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"em',
    )
    await new Promise((resolve) => socket.once('ready', resolve))
    socket.destroy()
    expect((await service.signUp({ email: newAddress() })).status).toBe(202)
  })
})
