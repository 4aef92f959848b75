// Trap, limits, proof of work and minimum time: what guards the form guards JSON as well.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodings } from '../../../support/encodings.ts'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { expectAsked, ripeProof } from '../../../support/proofs.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
let unasked: TestService

beforeAll(async () => {
  service = await startTestService({ PROOF_OF_WORK: 'on' })
  unasked = await startTestService()
})
afterAll(async () => {
  await service.close()
  await unasked.close()
})

describe.each(encodings)('a signup as %s', (_, post) => {
  test('into the trap stores nothing and is answered like any other', async () => {
    const email = newAddress()
    const answer = await post(unasked, { email, website: 'http://spam.example' })
    expect(answer.status).toBe(202)
    expect(Object.keys(await json(answer))).toEqual(['status', 'email', 'handle', 'expires_at'])
    expect(await statusOf(unasked, email)).toEqual([])
  })

  test('without a proof is asked for one, be it in the trap or not, and taken with it', async () => {
    const email = newAddress()
    await expectAsked(await post(service, { email, website: 'x' }), 'missing')
    await expectAsked(await post(service, { email }), 'missing')
    expect(await statusOf(service, email)).toEqual([])
    const proof = await ripeProof(service)
    expect((await post(service, { email, proof })).status).toBe(202)
    expect(await statusOf(service, email)).toEqual(['pending'])
    await expectAsked(await post(service, { email: newAddress(), proof }), 'spent')
    const trapped = await post(service, { email, website: 'x', proof: await ripeProof(service) })
    expect(trapped.status).toBe(202)
  })

  test('with a form that was given out this moment waits until it is a second old', async () => {
    const held = heldIn(unasked)
    const before = await held()
    const given = Date.now()
    const shown = unasked.service.admission.stamp()
    const email = newAddress()
    expect((await post(unasked, { email, website: 'x', shown })).status).toBe(202)
    expect(Date.now() - given).toBeGreaterThanOrEqual(990)
    expect(await held()).toBe(before + 1)
    // A forged stamp counts as none.
    expect((await post(unasked, { email, website: 'x', shown: shown.slice(0, -4) })).status).toBe(202)
    expect(await held()).toBe(before + 1)
  })
})

test('the limit of a client counts all encodings together', async () => {
  const alone = await startTestService({ SIGNUPS_PER_CLIENT: '3/10m' })
  try {
    for (const [, post] of encodings) expect((await post(alone, { email: newAddress() })).status).toBe(202)
    for (const [, post] of encodings) {
      const answer = await post(alone, { email: newAddress() })
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      await expectProblem(answer, 429, 'too-many')
    }
  } finally {
    await alone.close()
  }
})

function heldIn({ service: { metrics } }: TestService): () => Promise<number> {
  return async () => Number(/^ayes_signups_held_total (\d+)$/m.exec(await metrics.text())?.[1] ?? 0)
}
