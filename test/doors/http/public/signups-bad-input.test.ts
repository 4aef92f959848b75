// POST /signups: everything that is no signup, and what is said to it.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  expectProblem,
  html,
  json,
  newAddress,
  postForm,
  postMultipart,
  postRaw,
} from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService({ SIGNUPS_PER_CLIENT: '100000/10m' })
})
afterAll(async () => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from signups`.execute(
    service.service.db,
  )
  expect(service.logged.filter((line) => line.includes('request-failed'))).toEqual([])
  expect(rows[0]?.n).toBe(good)
  await service.close()
})

/** Signups of these tests that are none of the refused. */
let good = 0
async function accepted(answer: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await answer
  expect(response.status).toBe(202)
  good++
  return json(response)
}

describe('an address that cannot be read is 422', () => {
  const bad: readonly [what: string, email: string, reason: string][] = [
    ['empty', '', 'empty'],
    ['only spaces', ' \t ', 'empty'],
    ['no @', 'ann.example.com', 'missing-at'],
    ['two @', 'ann@lee@example.com', 'extra-at'],
    ['two addresses', 'ann@example.com, bob@example.com', 'two-addresses'],
    ['nothing before the @', '@example.com', 'missing-local'],
    ['nothing after the @', 'ann@', 'missing-domain'],
    ['a local part of 65 octets', `${'a'.repeat(65)}@example.com`, 'local-too-long'],
    ['65 octets in fewer letters', `${'é'.repeat(33)}@example.com`, 'local-too-long'],
    [
      '255 octets in all',
      `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(61)}.example`,
      'too-long',
    ],
    ['a line break', 'ann@example.com\r\nBcc: eve@example.com', 'control-character'],
    ['a control character', 'an\u0007n@example.com', 'control-character'],
    ['the Kelvin sign for a k', '\u212aen@example.com', 'bad-character'],
    ['one label', 'ann@localhost', 'single-label'],
    ['a number in brackets', 'ann@[192.0.2.1]', 'address-literal'],
    ['two dots', 'ann..lee@example.com', 'bad-dot'],
    ['a lone surrogate', '\ud800@example.com', 'bad-character'],
    ['a megabyte less a lot', 'a'.repeat(50_000), 'too-long'],
  ]
  test.each(bad)('%s', async (_, email, reason) => {
    await expectProblem(await service.signUp({ email }), 422, 'invalid-email', { field: 'email', reason })
    await expectProblem(await service.signUp({ email, as_typed: true }), 422, 'invalid-email')
  })

  test('with the one plain reading, where there is one', async () => {
    await expectProblem(await service.signUp({ email: 'ann(at)gmail.com' }), 422, 'invalid-email', {
      suggestion: { email: 'ann@gmail.com', domain: 'gmail.com', reason: 'format' },
    })
    const none = await expectProblem(await service.signUp({ email: 'ann' }), 422, 'invalid-email')
    expect(none.suggestion ?? null).toBeNull()
  })

  test('is the form again for a page, with what was typed, escaped', async () => {
    const answer = await postForm(service, '/signups', { email: '"><script>@', source: 's' }, html)
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;@"')
    expect(page).not.toContain('<script>@')
    expect(page).toContain('name="source" value="s"')
  })

  test('the Kelvin sign in a domain is the k that it stands for there, and in no local part', async () => {
    const answer = await service.signUp({ email: 'ann@\u212aen.example', as_typed: true })
    if (answer.status === 202) {
      good++
      expect(await json(answer)).toMatchObject({ email: 'ann@ken.example' })
    } else await expectProblem(answer, 422, 'invalid-email')
  })
})

describe('an address is read kindly', () => {
  const read: readonly [given: string, email: string][] = [
    ['  ann1@example.com \n', 'ann1@example.com'],
    ['mailto:ann2@example.com', 'ann2@example.com'],
    ['<ann3@example.com>', 'ann3@example.com'],
    ['a\u200bnn4@exam\ufeffple.com', 'ann4@example.com'],
    ['ann5@example.com.', 'ann5@example.com'],
    ['ann6@example.com,', 'ann6@example.com'],
    ['ann7@example.com;', 'ann7@example.com'],
    ['Ann8@EXAMPLE.COM', 'Ann8@example.com'],
    ['ann9@bücher.example', 'ann9@xn--bcher-kva.example'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['"ann lee"@example.com', '"ann lee"@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ]
  test.each(read)('%j is %j', async (given, email) => {
    expect(await accepted(service.signUp({ email: given, as_typed: true }))).toMatchObject({ email })
  })
})

describe('a field of the wrong kind is 400 and names itself', () => {
  const long = (n: number) => 'x'.repeat(n)
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`a${n}`, 'x']))
  const wrong: readonly [what: string, fields: object, field: string][] = [
    ['email is missing', {}, 'email'],
    ['email is null', { email: null }, 'email'],
    ['email is a number', { email: 1 }, 'email'],
    ['email is a list', { email: ['a@example.com'] }, 'email'],
    ['email is an object', { email: { toString: 'a@example.com' } }, 'email'],
    ['email holds a NUL', { email: 'a\0@example.com' }, 'email'],
    ['list is a number', { email: 'a@example.com', list: 1 }, 'list'],
    ['as_typed is a word', { email: 'a@example.com', as_typed: 'yes' }, 'as_typed'],
    ['source has 65 characters', { email: 'a@example.com', source: long(65) }, 'source'],
    ['source holds a NUL', { email: 'a@example.com', source: 'a\0' }, 'source'],
    ['consent has 2,001 characters', { email: 'a@example.com', consent: long(2001) }, 'consent'],
    ['attributes are a list', { email: 'a@example.com', attributes: ['a'] }, 'attributes'],
    ['attributes are 21', { email: 'a@example.com', attributes: many }, 'attributes'],
    ['an attribute is a number', { email: 'a@example.com', attributes: { a: 1 } }, 'attributes.a'],
    [
      'an attribute has 501 characters',
      { email: 'a@example.com', attributes: { a: long(501) } },
      'attributes.a',
    ],
    ['locale is a number', { email: 'a@example.com', locale: 1 }, 'locale'],
    ['website is a number', { email: 'a@example.com', website: 1 }, 'website'],
  ]
  test.each(wrong)('%s', async (_, fields, field) => {
    await expectProblem(await service.signUp(fields), 400, 'bad-request', { field })
  })

  test('a NUL deep in an attribute, or in its name', async () => {
    const email = 'a@example.com'
    const named = { field: 'attributes' }
    for (const attributes of [{ a: 'x\0' }, { 'x\0': 'a' }]) {
      await expectProblem(await service.signUp({ email, attributes }), 400, 'bad-request', named)
    }
    await expectProblem(
      await postForm(service, '/signups', { email, 'attributes[a]': '\0' }),
      400,
      'bad-request',
    )
    await expectProblem(await postMultipart(service, '/signups', { email, source: '\0' }), 400, 'bad-request')
  })

  test.each([
    ['JSON', () => postRaw(service, '{"email":"a@example.com","email":"b@example.com"}', 'application/json')],
    [
      'JSON, one spelled with an escape',
      () => postRaw(service, '{"email":"a@example.com","\\u0065mail":"b@example.com"}', 'application/json'),
    ],
    [
      'a form',
      () =>
        postForm(service, '/signups', [
          ['email', 'a@example.com'],
          ['email', 'b@example.com'],
        ]),
    ],
  ])('an address that is given twice, in %s', async (_, post) => {
    await expectProblem(await post(), 400, 'bad-request', { field: 'email' })
  })

  test('an address that is a file', async () => {
    const form = new FormData()
    form.append('email', new Blob(['a@example.com']), 'a.txt')
    await expectProblem(await service.fetch('/signups', { method: 'POST', body: form }), 400, 'bad-request', {
      field: 'email',
    })
  })

  test('as many and as large as allowed are taken', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`a${n}`, '\u{1F600}'.repeat(500)]),
    )
    await accepted(
      service.signUp({
        email: newAddress(),
        attributes,
        source: '\u{1F600}'.repeat(64),
        consent: long(2000),
      }),
    )
  })

  test('lone surrogates and names of prototypes do no harm', async () => {
    const attributes = { 'a\udc00': '\ud800', constructor: 'x', toString: 'y', hasOwnProperty: 'z' }
    await accepted(service.signUp({ email: newAddress(), attributes, source: 'x\ud83d', consent: '\udc00' }))
    await accepted(
      postRaw(
        service,
        `{"email":"${newAddress()}","__proto__":{"list":"x"},"attributes":{"__proto__":"a"}}`,
        'application/json',
      ),
    )
  })
})

test.each(['unknown', '', 'DEFAULT', 'default ', '../default', "'; --", 'x'.repeat(1000)])(
  'the list %j is 404',
  async (list) => {
    await expectProblem(await service.signUp({ email: newAddress(), list }), 404, 'unknown-list')
    expect((await postForm(service, '/signups', { email: newAddress(), list }, html)).status).toBe(404)
  },
)
