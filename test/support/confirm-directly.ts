// A subscriber made through the front door, without waiting for a letter: the link is made as the letter has it.
import { expect } from 'vitest'
import { makeLinkToken } from '../../src/core/tokens.ts'
import type { TestService } from './running-service.ts'

/** Signs up against whatever is suggested, and confirms. */
export async function confirmDirectly(
  service: TestService,
  email: string,
  fields: object = {},
): Promise<void> {
  expect((await service.signUp({ email, as_typed: true, ...fields })).status).toBe(202)
  const { db, ring } = service.service
  const { id } = await db
    .selectFrom('letters')
    .select('id')
    .where('recipient', '=', email)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const path = `/confirm/${makeLinkToken(ring.current, 'confirm', id)}`
  const answer = await service.fetch(path, { method: 'POST', headers: { accept: 'application/json' } })
  expect(await answer.json()).toMatchObject({ status: 'confirmed' })
}
