// PROOF_OF_WORK over HTTP: what is asked, what is taken, and what is not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKeyRing } from '../../../../src/core/keys.ts'
import { makeChallenge } from '../../../../src/core/proof-of-work.ts'
import { expectProblem, html, json, newAddress, postForm, statusOf } from '../../../support/http.ts'
import {
  challengeIn,
  encodeProof,
  expectAsked,
  fetchChallenge,
  ripeProof,
  solutionOf,
  solve,
} from '../../../support/proofs.ts'
import { secretKey, startTestService, type TestService } from '../../../support/running-service.ts'

const newKey = 'the key that came after the one of the tests, long enough'
let service: TestService
/** The same installation a while later: on the same database, with a new SECRET_KEY. */
let later: TestService

beforeAll(async () => {
  service = await startTestService({ PROOF_OF_WORK: 'on' })
  const { databaseUrl: DATABASE_URL } = service
  later = await startTestService({
    PROOF_OF_WORK: 'on',
    DATABASE_URL,
    SECRET_KEY: newKey,
    SECRET_KEYS_OLD: secretKey,
  })
})
afterAll(async () => {
  await later.close()
  await service.close()
})

const signUp = (proof?: unknown, where = service) => where.signUp({ email: newAddress(), proof })

describe('what is asked', () => {
  test('is told with a challenge, which nobody keeps', async () => {
    const answer = await service.signUp({ email: newAddress() }, { origin: 'https://shop.example' })
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('retry-after')).toBeNull()
    const body = await expectAsked(answer, 'missing')
    expect(Object.keys(challengeIn(body)).toSorted()).toEqual(['parameters', 'signature'])
  })

  test('comes after what is wrong with the signup itself, so that nobody works in vain', async () => {
    const fields: [object, number, string][] = [
      [{ email: 'ann@gmial.com' }, 409, 'did-you-mean'],
      [{ email: 'nonsense' }, 422, 'invalid-email'],
      [{ email: newAddress(), list: 'nope' }, 404, 'unknown-list'],
    ]
    for (const [given, status, code] of fields) await expectProblem(await service.signUp(given), status, code)
  })

  test('is the same whatever is known about the address', async () => {
    const email = newAddress()
    expect((await service.signUp({ email, proof: await ripeProof(service) })).status).toBe(202)
    const shapes = await Promise.all(
      [email, newAddress()].map(async (one) => {
        const body = await expectAsked(await service.signUp({ email: one }), 'missing')
        const { nonce, salt, keyPrefix, expiresAt, data, ...same } = challengeIn(body).parameters
        return { ...body, challenge: same }
      }),
    )
    expect(shapes[0]).toEqual(shapes[1])
  })

  test('is not asked for a fresh letter of somebody who holds the link', async () => {
    const answer = await service.fetch('/confirm/unknown/renew', { method: 'POST' })
    await expectProblem(answer, 404, 'unknown-link')
  })
})

describe('a proof', () => {
  test('that comes too early is asked to come again with the same challenge, and is taken then', async () => {
    const challenge = await makeChallenge(openKeyRing(secretKey).current, new Date(Date.now() + 60_000))
    const answer = await signUp(await solve(challenge))
    const wait = Number(answer.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(50)
    expect(wait).toBeLessThanOrEqual(61)
    expect(challengeIn(await expectAsked(answer, 'too-early'))).toEqual(challenge)
    const ripe = await makeChallenge(openKeyRing(secretKey).current, new Date(Date.now() - 1_000))
    expect((await signUp(await solve(ripe))).status).toBe(202)
  })

  test('is expired after ten minutes', async () => {
    const old = await makeChallenge(openKeyRing(secretKey).current, new Date(Date.now() - 600_000))
    const body = await expectAsked(await signUp(await solve(old)), 'expired')
    expect(challengeIn(body).signature).not.toBe(old.signature)
  })

  test('is good once, in two processes at the same time', async () => {
    const proof = await ripeProof(service)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => signUp(proof, n % 2 === 0 ? service : later)),
    )
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status === 428)
    expect(refused).toHaveLength(9)
    for (const answer of refused) expect(await json(answer)).toMatchObject({ reason: 'spent' })
  })

  test('is taken under an old SECRET_KEY, and not under one that is not ours', async () => {
    expect((await signUp(await ripeProof(service), later)).status).toBe(202)
    await expectAsked(await signUp(await ripeProof(later), service), 'invalid')
  })

  test.each([
    ['words', 'no proof at all'],
    ['broken base64', '%%%='],
    ['base64 of nothing', Buffer.from('null').toString('base64')],
    ['base64 of a list', Buffer.from('[[[[]]]]').toString('base64')],
    [
      'base64 of noise',
      Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 37) % 256)).toString('base64'),
    ],
    ['a challenge without its work', ''],
  ])('that is %s is none', async (name, text) => {
    const challenge = await fetchChallenge(service)
    const empty = encodeProof({ challenge, solution: { counter: 0, derivedKey: '00'.repeat(32) } })
    await expectAsked(await signUp(name.endsWith('work') ? empty : text), 'invalid')
  })

  test('of any length or type is a mistake that is told by name', async () => {
    const wrong = ['A'.repeat(2_001), 'A'.repeat(60_000), 1, {}, ['A']]
    for (const proof of wrong) {
      await expectProblem(await signUp(proof), 400, 'bad-request', { field: 'proof' })
    }
  })

  test('is not used up by a signup that is asked about', async () => {
    const proof = await ripeProof(service)
    const asked = await service.signUp({ email: 'ann@gmial.com', proof })
    await expectProblem(asked, 409, 'did-you-mean')
    expect((await signUp(proof)).status).toBe(202)
  })
})

describe('GET /challenge', () => {
  test('is answered anew each time, for scripts of other sites too', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => service.fetch('/challenge', { headers: { origin: 'https://shop.example' } })),
    )
    const [one, two] = await Promise.all(answers.map(json))
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store')
    expect(answers[0]?.headers.get('access-control-allow-origin')).toBe('*')
    expect(one?.signature).not.toBe(two?.signature)
  })

  test('is limited for each client, and is not there where nothing is ever asked', async () => {
    const off = await startTestService({ PROOF_OF_WORK: 'off' })
    try {
      await expectProblem(await off.fetch('/challenge'), 404, 'not-found')
      expect((await signUp(undefined, off)).status).toBe(202)
      expect((await signUp('whatever', off)).status).toBe(202)
      const statuses = await Promise.all(Array.from({ length: 601 }, () => off.fetch('/challenge')))
      const last = statuses.find(({ status }) => status === 429)
      expect(last?.headers.get('retry-after')).toMatch(/^\d+$/)
    } finally {
      await off.close()
    }
  })
})

describe('a form that is posted without a proof', () => {
  const fields = {
    email: 'ann+news@example.com',
    list: 'default',
    source: 'footer "left" <b>',
    locale: 'fr',
    consent: 'I <b>agree</b>',
    'attributes[first name]': "O'Brien",
    as_typed: 'on',
    website: '',
    shown: 'some stamp',
  }

  test('gets a page that keeps all of it, in the language of the form', async () => {
    const answer = await postForm(service, '/signups', fields, html)
    expect(answer.status).toBe(428)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
    const page = await answer.text()
    expect(page).toContain('<html lang="fr"')
    expect(page).toContain('<script src="/proof.js" defer></script>')
    expect(page).toMatch(/<noscript>.*JavaScript.*<\/noscript>/s)
    const sent = Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
        ([, name = '', value = '']) => [unescaped(name), unescaped(value)],
      ),
    )
    expect(sent).toEqual({ ...without(fields, 'website'), as_typed: '1' })
    const challenge = JSON.parse(unescaped(/data-challenge="([^"]*)"/.exec(page)?.[1] ?? ''))
    expect((await solutionOf(challenge)).counter).toBeGreaterThan(0)
  })

  test('keeps what fell into the trap there', async () => {
    const page = await (await postForm(service, '/signups', { ...fields, website: 'spam' }, html)).text()
    expect(page).toContain('<input type="hidden" name="website" value="spam">')
  })

  test('is led on once it has one', async () => {
    const email = newAddress()
    const answer = await postForm(service, '/signups', { email, proof: await ripeProof(service) }, html)
    expect(answer.status).toBe(303)
    expect(await statusOf(service, email)).toEqual(['pending'])
  })

  test('with one that is no good waits for a person, who may try again', async () => {
    const page = await (await postForm(service, '/signups', { ...fields, proof: 'nonsense' }, html)).text()
    expect(page).not.toContain('data-challenge')
    expect(page).not.toMatch(/<p class="proof-failed" hidden>/)
  })
})

test('the forms of our own pages say when they were given out, and the snippets do not', async () => {
  const stamps = async (answer: Response) => [
    ...(await answer.text()).matchAll(/name="shown" value="[\w-]{22}"/g),
  ]
  expect(await stamps(await service.fetch('/forms/default', { headers: html }))).toHaveLength(1)
  expect(await stamps(await postForm(service, '/signups', { email: 'nonsense' }, html))).toHaveLength(1)
  expect(await stamps(await postForm(service, '/signups', { email: 'ann@gmial.com' }, html))).toHaveLength(2)
})

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

function without(fields: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name))
}
