// Form-Sub: what a provider learns of the form that caused a letter, and what nobody learns of who sent it.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formSub } from '../../src/flows/form-sub.ts'
import { newAddress } from '../support/http.ts'
import { eventually, lettersTo, letterTo, linkIn, type ReadLetter } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe('the value', () => {
  test.each([
    ['81.2.69.142', 'v=1; ip4=81.2.x.x'],
    ['2a02:8108:40c0:1::5', 'v=1; ip6=2a02:8108::x'],
    ['2600::1', 'v=1; ip6=2600:0::x'],
    ['127.0.0.1', 'v=1; ip=none'],
    ['10.1.2.3', 'v=1; ip=none'],
    ['::1', 'v=1; ip=none'],
    ['fd00::1', 'v=1; ip=none'],
    ['unknown', 'v=1; ip=none'],
    [null, 'v=1; ip=none'],
  ])('of %s is %s', (client, value) => {
    expect(formSub(client)).toBe(value)
  })

  test('has the form of the draft, and says the same of neighbours, whoever they are', () => {
    const shape = /^v=1; (?:ip4=\d{1,3}\.\d{1,3}\.x\.x|ip6=[\da-f]{1,4}:[\da-f]{1,4}::x|ip=none)$/
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
        const neighbour = [...one.split('.').slice(0, 2), ...other.split('.').slice(2)].join('.')
        expect(formSub(one)).toMatch(shape)
        expect(formSub(neighbour)).toBe(formSub(one))
      }),
    )
    fc.assert(
      fc.property(fc.ipV6(), (one) => {
        expect(formSub(one.toLowerCase())).toMatch(shape)
      }),
    )
  })
})

describe('letters', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({
      TRUST_PROXY: '1',
      LETTERS_PER_LIST: 'off',
      LETTERS_PER_MAILBOX: 'off',
    })
  })
  afterAll(() => service.close())

  const from = (client: string) => ({ 'x-forwarded-for': client })
  const formSubsOf = (letter: ReadLetter | undefined) =>
    letter?.headers.filter(({ name }) => name.toLowerCase() === 'form-sub').map(({ value }) => value)

  test('say whence the form was sent that caused each of them, and no more', async () => {
    const email = newAddress()
    await service.signUp({ email }, from('81.2.69.142'))
    const first = await letterTo(service, email)
    await service.signUp({ email }, from('2a02:8108:40c0:1::5'))
    const second = await letterTo(service, email, 2)
    const confirmed = await service.fetch(linkIn(first, 'confirm'), { method: 'POST' })
    expect(confirmed.status).toBe(200)
    await service.signUp({ email }, from('9.9.9.9'))
    const already = await letterTo(service, email, 3)
    expect([first, second, already].map(formSubsOf)).toEqual([
      ['v=1; ip4=81.2.x.x'],
      ['v=1; ip6=2a02:8108::x'],
      ['v=1; ip4=9.9.x.x'],
    ])
    expect(JSON.stringify(await lettersTo(service, email))).not.toMatch(/81\.2\.69|40c0|9\.9\.9/)
  })

  test('that the admin asks for name nobody', async () => {
    const email = newAddress()
    await service.signUp({ email }, from('81.2.69.142'))
    await letterTo(service, email)
    const { items } = (await (await service.admin(`/api/signups?email=${email}`)).json()) as {
      items: { id: string }[]
    }
    const answer = await service.admin(`/api/signups/${items[0]?.id}/resend`, { method: 'POST' })
    expect(answer.status).toBeLessThan(300)
    await letterTo(service, email, 2)
    const all = await eventually(async () => lettersTo(service, email))
    expect(all.flatMap(formSubsOf).sort()).toEqual(['v=1; ip4=81.2.x.x', 'v=1; ip=none'])
  })
})
