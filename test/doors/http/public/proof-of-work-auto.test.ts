// PROOF_OF_WORK=auto: ordinary visitors never hear of it, and whoever comes in a burst does.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress } from '../../../support/http.ts'
import { eventually } from '../../../support/letters.ts'
import { challengeIn, expectAsked, solve } from '../../../support/proofs.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let usual: TestService
let busy: TestService

beforeAll(async () => {
  usual = await startTestService({ SIGNUPS_PER_CLIENT: '2/1s', TRUST_PROXY: '1' })
  busy = await startTestService({ PROOF_OF_WORK: 'auto:5/1s' })
})
afterAll(async () => {
  await usual.close()
  await busy.close()
})

const from = (address: string, more: object = {}) =>
  usual.signUp({ email: newAddress(), ...more }, { 'x-forwarded-for': address })

test('a client that goes on after twenty refusals is asked once its limit would let it in again', async () => {
  for (let refusals = 0; refusals < 20; ) {
    const answer = await from('203.0.113.7')
    expect([202, 429]).toContain(answer.status)
    if (answer.status === 429) refusals += 1
  }
  const body = await eventually(async () => {
    const answer = await from('203.0.113.7')
    return answer.status === 428 ? expectAsked(answer, 'missing') : null
  }, 'the end of the limit')
  expect((await from('203.0.113.8')).status).toBe(202)
  const proof = await solve(challengeIn(body))
  const taken = await eventually(async () => {
    const answer = await from('203.0.113.7', { proof })
    return answer.status === 428 ? null : answer.status
  }, 'the second that a proof takes')
  expect(taken).toBe(202)
})

test('this machine itself is not told from anybody else, and not asked', async () => {
  for (let refusals = 0; refusals < 30; ) {
    if ((await usual.signUp({ email: newAddress() })).status === 429) refusals += 1
  }
  const taken = await eventually(async () => {
    const answer = await usual.signUp({ email: newAddress() })
    return answer.status === 429 ? null : answer.status
  }, 'the end of the limit')
  expect(taken).toBe(202)
})

test('everybody is asked in a burst that was named, and no longer when it is over', async () => {
  const answer = await eventually(async () => {
    const six = Array.from({ length: 6 }, () => busy.signUp({ email: newAddress() }))
    return (await Promise.all(six)).find(({ status }) => status === 428)
  }, 'a burst')
  const proof = await solve(challengeIn(await expectAsked(answer, 'missing')))
  const told = () => busy.logged.map((line) => JSON.parse(line).event).filter((event) => /burst/.test(event))
  await eventually(async () => told().at(-1) === 'signup-burst-over', 'the end of the burst')
  expect(told().slice(0, 2)).toEqual(['signup-burst', 'signup-burst-over'])
  const metrics = await (await busy.admin('/metrics')).text()
  expect(metrics).toContain('\nayes_signup_burst 0\n')
  expect(metrics).toMatch(/\nayes_proofs_total\{outcome="missing"\} [1-9]/)
  // Nobody is asked, with a proof at hand or without.
  expect((await busy.signUp({ email: newAddress() })).status).toBe(202)
  expect((await busy.signUp({ email: newAddress(), proof })).status).toBe(202)
})
