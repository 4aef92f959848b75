// Addresses that last for some minutes: counted, and refused where the operator wants that.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, html, json, newAddress, postForm } from '../../../support/http.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
afterAll(() => service.close())

const stored = (email: string) =>
  service.service.db.selectFrom('signups').select(['id', 'disposable']).where('email', '=', email).execute()

describe('unless it is set', () => {
  beforeAll(async () => {
    service = await startTestService()
  })
  afterAll(() => service.close())

  test('they are taken like others, and recorded', async () => {
    expect((await service.signUp({ email: 'ann@mailinator.com', source: 'shop' })).status).toBe(202)
    const other = newAddress()
    expect((await service.signUp({ email: other })).status).toBe(202)
    const [signup] = await stored('ann@mailinator.com')
    expect(signup?.disposable).toBe(true)
    expect(await stored(other)).toMatchObject([{ disposable: false }])
    const shown = (await json(await service.admin(`/api/signups/${signup?.id}`))) as { events: object[] }
    expect(shown.events[0]).toMatchObject({ type: 'signed-up', detail: { disposable: true } })
    expect(await json(await service.admin('/api/stats?by=source'))).toMatchObject({
      items: [
        { source: '', disposable: 0 },
        { source: 'shop', disposable: 1 },
      ],
    })
    expect((await service.fetch('/suggestions?email=ann@mailinator.com')).status).toBe(200)
  })
})

describe('REFUSE_DISPOSABLE', () => {
  beforeAll(async () => {
    service = await startTestService({ REFUSE_DISPOSABLE: 'true', SUGGEST_DOMAINS: 'yopmail.com' })
  })

  test.each(['ann@mailinator.com', 'ann@some.mailinator.com'])('refuses %s, also as typed', async (email) => {
    for (const as_typed of [false, true]) {
      const problem = await expectProblem(
        await service.signUp({ email, as_typed }),
        422,
        'disposable-address',
      )
      expect(problem).toMatchObject({ field: 'email', detail: expect.stringContaining('mailinator.com') })
    }
    expect(await stored(email)).toEqual([])
    expect(await (await service.admin('/metrics')).text()).toMatch(
      /ayes_signups_total\{outcome="disposable-address"\} [24]/,
    )
  })

  test('GET /suggestions says so too', async () => {
    for (const field of ['email', 'domain']) {
      const value = field === 'email' ? 'ann@mailinator.com' : 'mailinator.com'
      await expectProblem(await service.fetch(`/suggestions?${field}=${value}`), 422, 'disposable-address', {
        field,
      })
    }
  })

  test('a page gets the form again with its error, in its language', async () => {
    const fields = { email: 'ann@mailinator.com' }
    const answer = await postForm(service, '/signups', fields, { ...html, 'accept-language': 'de' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Wegwerf-Adressen')
  })

  test('the operator’s own domains and all others are taken', async () => {
    for (const email of ['ann@yopmail.com', 'ann@gmail.com', newAddress()]) {
      expect((await service.signUp({ email })).status).toBe(202)
    }
  })

  test('who fills in the honeypot learns nothing', async () => {
    expect((await service.signUp({ email: 'bot@mailinator.com', website: 'x' })).status).toBe(202)
  })
})
