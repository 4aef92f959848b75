// DNS_CHECK at the front door, with a real DNS server that knows a small world.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DnsServer, openDnsServer } from '../../../support/dns-server.ts'
import { expectProblem, html, json, postForm } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let dns: DnsServer
let service: TestService
const living = ['gmail.com', 'company.de']

beforeAll(async () => {
  dns = await openDnsServer(({ name, type }) => {
    if (!living.includes(name)) return { code: 3 }
    if (type !== 'MX') return { answers: [] }
    return { answers: [{ type, name, ttl: 60, data: { preference: 10, exchange: `mx.${name}` } }] }
  })
  service = await startTestService({ DNS_CHECK: 'on', DNS_SERVERS: dns.address })
})
afterAll(async () => {
  await service.close()
  await dns.close()
})

const signups = async () => (await service.service.db.selectFrom('signups').select('email').execute()).length

test('a domain that takes no mail is refused, also as typed, and nothing is stored', async () => {
  for (const as_typed of [false, true]) {
    const answer = await service.signUp({ email: 'ann@no-such-company-here.de', as_typed })
    const problem = await expectProblem(answer, 422, 'domain-takes-no-mail')
    expect(problem).toMatchObject({
      field: 'email',
      detail: 'The domain no-such-company-here.de takes no mail.',
    })
    expect(problem).not.toHaveProperty('suggestion')
  }
  expect(await signups()).toBe(0)
  expect(await (await service.admin('/metrics')).text()).toContain(
    'ayes_signups_total{outcome="domain-takes-no-mail"} 2',
  )
})

test('the nearest of the large domains is suggested', async () => {
  const answer = await service.signUp({ email: 'Ann@gmaul.com', as_typed: true })
  const problem = await expectProblem(answer, 422, 'domain-takes-no-mail')
  expect(problem.suggestion).toEqual({
    email: 'Ann@gmail.com',
    domain: 'gmail.com',
    reason: 'domain-takes-no-mail',
  })
})

test('a domain that does is taken, and the large providers are not asked about', async () => {
  expect((await service.signUp({ email: 'ann@company.de' })).status).toBe(202)
  expect((await service.signUp({ email: 'ann@yahoo.com' })).status).toBe(202)
  expect((await service.signUp({ email: 'ann@example.com' })).status).toBe(202)
  // yahoo.com is one of the control names, for its MX
  expect(dns.asked.filter(({ name, type }) => name === 'yahoo.com' && type !== 'MX')).toEqual([])
})

test('the parts that the dev mailbox plays go on', async () => {
  expect((await service.signUp({ email: 'refuse-5.1.1@no-such-company-here.de' })).status).toBe(202)
})

test('GET /suggestions says so too, for an address and for a bare domain', async () => {
  for (const query of ['email=ann@no-such-company-here.de', 'domain=no-such-company-here.de']) {
    await expectProblem(await service.fetch(`/suggestions?${query}`), 422, 'domain-takes-no-mail')
  }
  expect(await json(await service.fetch('/suggestions?domain=company.de'))).toEqual({
    domain: 'company.de',
    suggestion: null,
  })
})

test('a page gets the form again with its error', async () => {
  const answer = await postForm(service, '/signups', { email: 'ann@no-such-company-here.de' }, html)
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('does not receive email')
})
