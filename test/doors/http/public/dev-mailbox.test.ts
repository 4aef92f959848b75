// The dev mailbox: to the local machine only, and safe to look at.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html, json, letterFor, newAddress } from '../../../support/http.ts'
import { lettersTo, letterTo } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  await service.service.db
    .insertInto('lists')
    .values({ slug: 'odd', name: '<script>alert(1)</script>', locale: 'en' })
    .execute()
})
afterAll(() => service.close())

/** fetch does not let a Host header through. */
function statusFor(path: string, headers: Record<string, string>): Promise<number> {
  const { port } = new URL(service.base)
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

test('shows letters newest first, with what the relay said', async () => {
  const [one, two] = [newAddress(), newAddress()]
  await letterFor(service, one)
  await letterFor(service, two)
  const { items } = (await json(await service.fetch('/dev/mailbox'))) as {
    items: { to: string; state: string }[]
  }
  const mine = items.map(({ to }) => to).filter((to) => to === one || to === two)
  expect(mine).toEqual([two, one])
  expect(items[0]?.state).toMatch(/^250 /)
  const page = await service.fetch('/dev/mailbox', { headers: html })
  expect(page.headers.get('cache-control')).toContain('no-store')
  expect(await page.text()).toContain(two)
})

test('shows a letter with its headers, its text, and its HTML in a cage', async () => {
  const email = newAddress()
  await service.signUp({ email, list: 'odd' })
  const letter = await letterTo(service, email)
  const names = letter.headers.map(({ name }) => name.toLowerCase())
  for (const name of ['message-id', 'auto-submitted', 'x-auto-response-suppress', 'x-ayes-letter'])
    expect(names).toContain(name)
  expect(names.filter((name) => name.startsWith('list-'))).toEqual([])
  const page = await service.fetch(`/dev/mailbox/${letter.id}`, { headers: html })
  const text = await page.text()
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  expect(text).not.toContain('<script>alert')
  expect(text).toMatch(/<iframe [^>]*sandbox=/)
  const framed = await service.fetch(`/dev/mailbox/${letter.id}/html`)
  expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
  expect(await framed.text()).not.toContain('<script>alert')
})

test.each(['nothing', '..%2f..%2fadmin-token', '%2e%2e', '..\\..\\x', '%2fetc%2fpasswd', 'a'.repeat(3_000)])(
  'a letter named %j is 404',
  async (id) => {
    for (const path of [`/dev/mailbox/${id}`, `/dev/mailbox/${id}/html`]) {
      expect((await service.fetch(path)).status).toBe(404)
    }
  },
)

describe('the Host header', () => {
  const { port } = { port: 3000 }
  test.each([
    'localhost',
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    '127.9.9.9',
    `[::1]:${port}`,
    'LOCALHOST',
    'ayes.localhost:80',
  ])('%s is this machine', async (host) => {
    expect(await statusFor('/dev/mailbox', { host })).toBe(200)
  })

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil-localhost',
    '10.0.0.1',
    '[::2]',
    '0.0.0.0',
  ])('%s is another name, which somebody may have made to point here', async (host) => {
    for (const path of ['/dev/mailbox', '/dev/mailbox/x', '/dev/mailbox/x/html']) {
      expect(await statusFor(path, { host })).toBe(403)
    }
  })
})

test('somebody behind a proxy on this machine is not local', async () => {
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
    expect(await statusFor('/dev/mailbox', { host: 'localhost', [name]: '127.0.0.1' })).toBe(403)
  }
})

describe('addresses that behave', () => {
  test('refuse-CODE never shows a letter, defer-CODE not at once', async () => {
    for (const email of ['refuse-5.7.1@example.com', 'defer-4.7.1@example.org']) {
      const { handle } = await json(await service.signUp({ email }))
      let letter: unknown
      while (letter !== 'undeliverable' && letter !== 'delayed') {
        letter = (await json(await service.fetch(`/signups/${handle}`))).letter
      }
      expect(letter).toBe(email.startsWith('refuse') ? 'undeliverable' : 'delayed')
      expect(await lettersTo(service, email)).toEqual([])
    }
  })
})

test('with a relay there is no dev mailbox', async () => {
  const real = await startTestService({
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'a@example.com',
    DATABASE_URL: service.databaseUrl,
    ROLES: 'http',
  })
  expect((await real.fetch('/dev/mailbox')).status).toBe(404)
  await real.close()
})
