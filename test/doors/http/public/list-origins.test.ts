// A list that names the sites of its forms: what they may, what others may not, and what stays as it is elsewhere.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, html, json, newAddress, postForm, statusOf } from '../../../support/http.ts'
import { allowedOrigin, counted, preflight, putList } from '../../../support/list-sites.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

const site = 'https://www.example.com'
const other = 'https://other.example'
const evil = 'https://evil.example'

/** Any site may call the service; lists: `default` and `open` say nothing, `own` names one site, `closed` none. */
let service: TestService
/** The same, where the service itself names `other`. */
let strict: TestService

beforeAll(async () => {
  service = await startTestService({ LETTERS_PER_LIST: 'off' })
  strict = await startTestService({ DATABASE_URL: service.databaseUrl, ALLOWED_ORIGINS: other })
  await putList(service, 'open', {})
  await putList(service, 'own', { allowed_origins: [site] })
  await putList(service, 'closed', { allowed_origins: [] })
})
afterAll(async () => {
  await strict?.close()
  await service?.close()
})

const signUp = (list: string, headers: Record<string, string>, from = service) => {
  const email = newAddress()
  return { email, answer: from.signUp({ email, list }, headers) }
}
const form = (list: string, headers: Record<string, string>) => {
  const email = newAddress()
  return { email, answer: postForm(service, '/signups', { email, list }, { ...html, ...headers }) }
}

describe('a post of a site that the list names', () => {
  test('is taken, by script and by form, and its script may read the answer', async () => {
    const { email, answer } = signUp('own', { origin: site })
    expect((await answer).status).toBe(202)
    expect(allowedOrigin(await answer)).toBe(site)
    expect((await answer).headers.get('vary')).toContain('Origin')
    expect(await statusOf(service, email)).toEqual(['pending'])
    expect((await form('own', { origin: site }).answer).status).toBe(303)
    const wrong = await service.signUp({ email: 'x@gmial.com', list: 'own' }, { origin: site })
    expect([wrong.status, allowedOrigin(wrong)]).toEqual([409, site])
  })

  test('is taken where ALLOWED_ORIGINS does not name it', async () => {
    const asked = await preflight(strict, '/signups', { origin: site })
    expect([asked.status, allowedOrigin(asked)]).toEqual([204, site])
    const answer = await signUp('own', { origin: site }, strict).answer
    expect([answer.status, allowedOrigin(answer)]).toEqual([202, site])
    const { handle } = await json(answer)
    for (const path of [
      `/signups/${handle}`,
      '/suggestions?domain=gmial.com',
      '/signups/x/events',
      '/signups/x',
    ]) {
      const follow = await strict.fetch(path, { headers: { origin: site } })
      expect([path, allowedOrigin(follow)]).toEqual([path, site])
      await follow.body?.cancel()
    }
    expect(allowedOrigin(await strict.signUp({ list: 'own' }, { origin: site }))).toBe(site)
  })
})

describe('a post of any other site', () => {
  test.each([evil, other, 'null', `${site}.evil.example`, 'http://www.example.com', `${site}:444`])(
    '%s is 403: nothing stored, nothing sent, no script reads it, and it is counted',
    async (origin) => {
      const before = await counted(service, 'origin-not-allowed')
      const { email, answer } = signUp('own', { origin })
      await expectProblem(await answer, 403, 'origin-not-allowed')
      expect(allowedOrigin(await answer)).toBeNull()
      expect((await answer).headers.get('vary')).toContain('Origin')
      expect(await statusOf(service, email)).toEqual([])
      const posted = form('own', { origin })
      const page = await posted.answer
      expect(page.status).toBe(403)
      expect(await page.text()).toContain('The list takes no signups from the site that you came from')
      expect(await statusOf(service, posted.email)).toEqual([])
      expect(await counted(service, 'origin-not-allowed')).toBe(before + 2)
    },
  )

  test('is refused whatever it says about its address, and where ALLOWED_ORIGINS names it', async () => {
    for (const more of [{ email: 'nonsense' }, { email: 'x@gmial.com' }, { website: 'trap' }]) {
      const answer = await service.signUp({ email: newAddress(), list: 'own', ...more }, { origin: evil })
      await expectProblem(answer, 403, 'origin-not-allowed')
    }
    const answer = await signUp('own', { origin: other }, strict).answer
    await expectProblem(answer, 403, 'origin-not-allowed')
    expect(allowedOrigin(answer)).toBeNull()
  })

  test('says that the browser kept the site to itself, where it did', async () => {
    const answer = await signUp('own', { origin: 'null', 'sec-fetch-site': 'cross-site' }).answer
    const { detail } = await expectProblem(answer, 403, 'origin-not-allowed')
    expect(detail).toMatch(/Referrer-Policy.*sandbox/)
  })

  test('is refused by a list that names none', async () => {
    await expectProblem(await signUp('closed', { origin: site }).answer, 403, 'origin-not-allowed')
  })
})

describe('not held to it are', () => {
  test.each([
    ['a program, which names no site', {}],
    ['a page of ours', () => ({ origin: service.base })],
    ['a page of ours without a referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('%s', async (_, headers) => {
    const sent = typeof headers === 'function' ? headers() : headers
    for (const list of ['own', 'closed']) {
      expect((await signUp(list, sent).answer).status).toBe(202)
      expect((await form(list, sent).answer).status).toBe(303)
    }
  })

  test('and who is ours is not told by what a site can have: a neighbour, a port, a look-alike', async () => {
    const { port } = new URL(service.base)
    for (const [origin, fetchSite] of [
      ['http://sub.localhost', 'same-site'],
      [`http://127.0.0.1.evil.example:${port}`, 'cross-site'],
      [`http://evil.example:${port}`, 'cross-site'],
      ['http://127.0.0.1', 'same-site'],
      ['null', 'none'],
      ['null', 'same-site'],
    ] as const) {
      const answer = await signUp('closed', { origin, 'sec-fetch-site': fetchSite }).answer
      expect([origin, answer.status]).toEqual([origin, 403])
    }
  })

  test('pages on whatever host the visitor came by; of PUBLIC_URL with its own scheme only', async () => {
    const secure = await startTestService({
      DATABASE_URL: service.databaseUrl,
      PUBLIC_URL: 'https://lists.example.com/ayes',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'x@example.com',
      ROLES: 'http',
    })
    try {
      expect(await statusBy(secure, 'lists.example.com', 'https://lists.example.com')).toBe(202)
      expect(await statusBy(secure, 'lists.example.com', 'http://lists.example.com')).toBe(403)
      expect(await statusBy(secure, 'inside:3000', 'https://lists.example.com')).toBe(202)
      expect(await statusBy(secure, 'inside:3000', 'http://inside:3000')).toBe(202)
      expect(await statusBy(secure, 'inside:3000', 'http://inside')).toBe(403)
    } finally {
      await secure.close()
    }
  })
})

/** fetch does not let a Host header through. */
function statusBy(from: TestService, host: string, origin: string): Promise<number> {
  const headers = { host, origin, 'content-type': 'application/json' }
  const to = {
    host: '127.0.0.1',
    port: new URL(from.url ?? '').port,
    path: '/signups',
    method: 'POST',
    headers,
  }
  return new Promise((resolve, reject) => {
    const asking = request(to, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    asking.on('error', reject).end(JSON.stringify({ email: newAddress(), list: 'closed' }))
  })
}

describe('where a list says nothing', () => {
  test.each(['open', 'default'])('posts to %s are taken from everywhere, as they are', async (list) => {
    for (const origin of [site, evil, 'null']) {
      const { email, answer } = signUp(list, { origin })
      expect([(await answer).status, allowedOrigin(await answer)]).toEqual([202, '*'])
      expect((await answer).headers.get('vary') ?? '').not.toContain('Origin')
      expect(await statusOf(service, email)).toEqual(['pending'])
      expect((await form(list, { origin }).answer).status).toBe(303)
      const withService = await signUp(list, { origin }, strict).answer
      expect(withService.status).toBe(202)
    }
  })

  test('null takes its sites away again, at once', async () => {
    await putList(service, 'changing', { allowed_origins: [site] })
    expect((await signUp('changing', { origin: evil }).answer).status).toBe(403)
    await putList(service, 'changing', { name: 'Changing' })
    expect((await signUp('changing', { origin: evil }).answer).status).toBe(403)
    await putList(service, 'changing', { allowed_origins: null })
    expect((await signUp('changing', { origin: evil }).answer).status).toBe(202)
  })
})

test('preflights and followers cost no statement each: what lists allow is read once a second', () => {
  const { lists } = service.service
  expect(lists.origins()).toBe(lists.origins())
})

test('the page that asks back says where it posts from, in browsers that know no Sec-Fetch-Site', async () => {
  const ask = async (list: string) => {
    const answer = await postForm(service, '/signups', { email: 'ann@gmial.com', list }, html)
    return answer.headers.get('referrer-policy')
  }
  expect([await ask('own'), await ask('open')]).toEqual(['same-origin', 'no-referrer'])
})
