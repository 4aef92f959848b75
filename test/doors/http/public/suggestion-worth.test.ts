// What a suggestion was worth, as an operator sees it: shown, taken, declined, and whether who declined was right.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmDirectly } from '../../../support/confirm-directly.ts'
import { json } from '../../../support/http.ts'
import { eventually } from '../../../support/letters.ts'
import { startTestService, type TestService } from '../../../support/running-service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.close())

const none = { shown: 0, taken: 0, declined: 0, declined_confirmed: 0, declined_bounced: 0 }

async function stats(): Promise<Record<string, unknown>> {
  const { items } = (await json(await service.admin('/api/stats'))) as { items: Record<string, unknown>[] }
  return items[0] ?? {}
}

async function metric(event: string, reason: string): Promise<number> {
  const text = await (await service.admin('/metrics')).text()
  return Number(
    new RegExp(`ayes_suggestions_total\\{event="${event}",reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
  )
}

const status = async (fields: object) => (await service.signUp(fields)).status

test('every step is counted by its reason', async () => {
  // a slip: shown, and taken
  expect(await status({ email: 'ann@gmial.com' })).toBe(409)
  expect(await status({ email: 'ann@gmail.com' })).toBe(202)
  // another: shown, declined, and right
  expect(await status({ email: 'bob@gmaill.com' })).toBe(409)
  await confirmDirectly(service, 'bob@gmaill.com')
  // another: shown, declined, and wrong; what comes back twice counts once
  expect(await status({ email: 'refuse-5.1.1@hotmial.com' })).toBe(409)
  expect(await status({ email: 'refuse-5.1.1@hotmial.com', as_typed: true })).toBe(202)
  // a form that cannot be right: shown with the error, and taken
  expect(await status({ email: 'eve(at)web.de' })).toBe(422)
  expect(await status({ email: 'eve@web.de' })).toBe(202)
  // one that could be: shown and declined, and right
  expect(await status({ email: 'www.gus@gmail.com' })).toBe(409)
  expect(await status({ email: 'www.gus@gmail.com', as_typed: true })).toBe(202)
  await confirmDirectly(service, 'www.fay@gmail.com')

  await eventually(async () => (await metric('declined-bounced', 'typo')) === 1, 'the bounce')
  expect(await stats()).toMatchObject({
    signups: 6,
    suggestions_shown: 5,
    suggestions_taken: 2,
    suggestions_declined: 4,
    suggestions_declined_confirmed: 2,
    suggestions_declined_bounced: 1,
    suggestions_by_reason: {
      typo: { shown: 3, taken: 1, declined: 2, declined_confirmed: 1, declined_bounced: 1 },
      format: { ...none, shown: 2, taken: 1, declined: 2, declined_confirmed: 1 },
      'domain-takes-no-mail': none,
    },
  })
  expect(await metric('declined-confirmed', 'typo')).toBe(1)
  expect(await metric('declined-confirmed', 'format')).toBe(1)
})

test('a signup remembers what was suggested, and the admin sees it in its story', async () => {
  const rows = await service.service.db
    .selectFrom('signups')
    .select(['id', 'email', 'declined_suggestion'])
    .where('declined_suggestion', 'is not', null)
    .orderBy('id')
    .execute()
  expect(rows.map((row) => [row.email, row.declined_suggestion])).toEqual([
    ['bob@gmaill.com', 'gmail.com'],
    ['refuse-5.1.1@hotmial.com', 'hotmail.com'],
    ['www.gus@gmail.com', 'gmail.com'],
    ['www.fay@gmail.com', 'gmail.com'],
  ])
  const shown = (await json(await service.admin(`/api/signups/${rows[0]?.id}`))) as { events: object[] }
  expect(shown.events[0]).toMatchObject({ type: 'signed-up', detail: { declined_suggestion: 'gmail.com' } })
})
