// While the database is away every provider is told to come again, and its retry brings what was not taken.
import { expect, test } from 'vitest'
import { copyTemplate } from '../../../support/database.ts'
import { openLine, throughLine } from '../../../support/database-line.ts'
import { expectProblem, json, newAddress, statusOf } from '../../../support/http.ts'
import { eventually } from '../../../support/letters.ts'
import { calling, callOf, refusalOf } from '../../../support/webhook-calls.ts'
import { openWebhookHouse } from '../../../support/webhook-house.ts'

test('the same calls are 503, and taken once it is back', async () => {
  const database = await copyTemplate()
  const line = await openLine(database.url)
  const house = await openWebhookHouse({ DATABASE_URL: throughLine(database.url, line) })
  const calls = await Promise.all(
    calling.map(async (provider) => {
      const letter = await house.letterTo(newAddress())
      return { provider, letter, call: callOf(provider, refusalOf(provider, letter)) }
    }),
  )
  await line.cut()
  for (const { provider, call } of calls) {
    const answer = await house.post(`/bounces/${provider}`, call)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectProblem(answer, 503, 'unavailable')
  }
  await line.mend()
  await eventually(async () => (await house.service.fetch('/readyz')).status === 200)
  for (const { provider, letter, call } of calls) {
    expect(await json(await house.post(`/bounces/${provider}`, call))).toEqual({ received: 1, matched: 1 })
    expect(await statusOf(house.service, letter.to)).toEqual(['invalid'])
  }
  await house.close()
  await line.close()
  await database.drop()
}, 60_000)
