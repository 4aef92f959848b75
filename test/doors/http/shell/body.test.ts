import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ANY_FORM, readInput } from '../../../../src/doors/http/shell/body.ts'
import { readBytes } from '../../../../src/doors/http/shell/body-bytes.ts'
import { openShell } from './open-shell.ts'

const Signup = z.object({
  email: z.string(),
  as_typed: z.boolean().optional(),
  source: z.string().max(64).optional(),
  attributes: z.record(z.string(), z.string()).optional(),
})

const { app } = openShell()
app.post('/signups', async (c) =>
  c.json(await readInput(c, Signup, { accept: ANY_FORM, flags: ['as_typed'], groups: ['attributes'] })),
)
app.post('/api/json', async (c) => c.json(await readInput(c, Signup)))
app.post('/slow', async (c) => c.json((await readBytes(c, { within: 0.02 })).length))
app.post('/keep', async (c) => c.text((await readBytes(c, { limit: 20, keep: 5 })).toString()))

const FORM = 'application/x-www-form-urlencoded'

type Body = string | Uint8Array<ArrayBuffer> | FormData | ReadableStream<Uint8Array>

async function post(body: Body, type?: string, path = '/signups') {
  const headers = type === undefined ? {} : { 'Content-Type': type }
  const answer = await app.request(path, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const json = (value: unknown) => post(JSON.stringify(value), 'application/json')

describe('the same signup in each encoding', () => {
  const expected = { email: 'a+b@example.com', as_typed: true, attributes: { name: 'Änn', town: 'X' } }

  test('JSON', async () => {
    expect(await json(expected)).toEqual({ status: 200, body: expected })
  })

  test('an urlencoded form', async () => {
    const body = 'email=a%2Bb%40example.com&as_typed=on&attributes[name]=%C3%84nn&attributes%5Btown%5D=X'
    expect(await post(body, `${FORM};charset=UTF-8`)).toEqual({ status: 200, body: expected })
  })

  test('a multipart form', async () => {
    const form = new FormData()
    form.set('email', 'a+b@example.com')
    form.set('as_typed', '1')
    form.set('attributes[name]', 'Änn')
    form.set('attributes[town]', 'X')
    form.set('portrait', new File(['not asked for'], 'me.jpg'))
    expect(await post(form)).toEqual({ status: 200, body: expected })
  })
})

test('JSON with a byte order mark and a media type of the +json kind are JSON', async () => {
  expect((await post('\uFEFF{"email":"a"}', 'application/vnd.x+json; charset="utf-8"')).status).toBe(200)
})

test('unknown fields are ignored, a percent sign that escapes nothing stands for itself', async () => {
  expect((await json({ email: 'a', x: { y: [1] } })).body).toEqual({ email: 'a' })
  expect((await post('email=100%&other=%zz', FORM)).body).toEqual({ email: '100%' })
})

test.each([
  ['another type', '<a/>', 'text/xml'],
  ['text', '{}', 'text/plain;charset=UTF-8'],
  ['another charset', '{}', 'application/json; charset=iso-8859-1'],
  ['no type', new Uint8Array([1]), undefined],
  ['JSON that curl calls a form', '{"email":"a@example.com"}', FORM],
])('%s is 415', async (_name, body, type) => {
  expect(await post(body, type)).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
})

test('a form where only JSON is taken is 415', async () => {
  expect((await post('email=a', FORM, '/api/json')).status).toBe(415)
})

test('a compressed body is 415', async () => {
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
  expect((await app.request('/signups', { method: 'POST', body: 'x', headers })).status).toBe(415)
})

describe('400 bad-request', () => {
  test.each<[string, Body, string, string | undefined]>([
    ['broken JSON', '{"email": secret', 'application/json', undefined],
    ['nothing', '', 'application/json', undefined],
    ['a list', '["a"]', 'application/json', undefined],
    ['null', 'null', 'application/json', undefined],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'application/json', undefined],
    ['invalid UTF-8 in a form', 'email=%ff', FORM, undefined],
    ['a NUL', '{"email":"a\\u0000b"}', 'application/json', 'email'],
    ['a NUL deep down', '{"email":"a","x":[{"y":"\\u0000"}]}', 'application/json', 'x'],
    [
      'a NUL after what is nested deeply',
      `{"email":"a","x":${'['.repeat(30_000)}${']'.repeat(30_000)},"y":"\\u0000"}`,
      'application/json',
      'y',
    ],
    ['a NUL in a key', '{"email":"a","\\u0000":1}', 'application/json', undefined],
    ['a NUL in a form', 'email=a%00b', FORM, 'email'],
    ['a number', '{"email":12}', 'application/json', 'email'],
    ['no address', '{}', 'application/json', 'email'],
    ['too long a source', `email=a&source=${'x'.repeat(65)}`, FORM, 'source'],
    ['a wrong attribute', '{"email":"a","attributes":{"n":1}}', 'application/json', 'attributes.n'],
    ['two addresses', '{"email":"a","email":"b"}', 'application/json', 'email'],
    ['two addresses, one escaped', '{"email":"a","\\u0065mail":"b"}', 'application/json', 'email'],
    ['two addresses in a form', 'email=a&email=b', FORM, 'email'],
    ['an attribute twice', 'email=a&attributes[n]=1&attributes[n]=2', FORM, 'attributes[n]'],
    ['a flag that is none', 'email=a&as_typed=maybe', FORM, 'as_typed'],
    ['a broken multipart body', '--x\r\nnonsense', 'multipart/form-data; boundary=x', undefined],
    ['multipart without boundary', 'x', 'multipart/form-data', undefined],
    ['thousands of fields', 'a=1&'.repeat(5000), FORM, undefined],
  ])('%s', async (_name, body, type, field) => {
    const answer = await post(body, type)
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } })
    expect(answer.body.field).toBe(field)
    expect(JSON.stringify(answer.body)).not.toContain('secret')
  })

  test('an upload in place of the address', async () => {
    const form = new FormData()
    form.set('email', new File(['a@example.com'], 'email.txt'))
    expect(await post(form)).toMatchObject({ status: 400, body: { field: 'email' } })
  })

  test.each(['[', '{"a":'])('%s nested without end costs no stack', async (opening) => {
    const body = `{"email":"a","x":${opening.repeat(5000)}`
    expect((await post(body, 'application/json')).status).toBe(400)
    const closed = `{"email":"a","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
    const answer = await post(closed, 'application/json')
    expect([answer.status, answer.body.detail]).toEqual([400, 'The JSON is nested too deeply.'])
  })
})

test('the same name inside an attribute or a text is no repetition', async () => {
  const value = { email: 'a', source: '"email":', attributes: { email: 'b', 'x"email"': 'c' } }
  expect(await json(value)).toEqual({ status: 200, body: value })
})

test('__proto__ changes no prototype and is passed on nowhere', async () => {
  const answer = await post(
    '{"email":"a","__proto__":{"as_typed":true},"attributes":{"__proto__":"x","n":"1"}}',
    'application/json',
  )
  expect(answer.body).toEqual({ email: 'a', attributes: { n: '1' } })
  expect((await post('email=a&__proto__[as_typed]=1&attributes[__proto__]=x', FORM)).body).toEqual({
    email: 'a',
    attributes: {},
  })
  expect(Object.hasOwn(Object.prototype, 'as_typed')).toBe(false)
})

describe('the size of a body', () => {
  test('64 KB are taken and a byte more is 413', async () => {
    const body = (size: number) => `{"email":"${'a'.repeat(size - 12)}"}`
    expect((await post(body(65_536), 'application/json')).status).toBe(200)
    expect(await post(body(65_537), 'application/json')).toMatchObject({
      status: 413,
      body: { code: 'too-large' },
    })
  })

  test('counts while streaming where no length is announced', async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(16_384))
      },
    })
    expect((await post(endless, 'application/json')).status).toBe(413)
    expect(pulled).toBeLessThan(10)
  })

  test('of a long body a beginning can be kept', async () => {
    const answer = await app.request('/keep', { method: 'POST', body: 'abcdefghij' })
    expect(await answer.text()).toBe('abcde')
  })
})

test('a body that does not come to its end is 408', async () => {
  const never = new ReadableStream<Uint8Array>({ pull: () => new Promise<void>(() => undefined) })
  expect(await post(never, 'application/json', '/slow')).toMatchObject({ status: 408 })
})
