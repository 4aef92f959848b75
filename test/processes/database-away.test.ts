// The database goes away and comes back: 503 with Retry-After meanwhile, nothing that was answered 202 is lost.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/database.ts'
import { type Line, openLine, throughLine } from '../support/database-line.ts'
import { eventually, letterTo } from '../support/letters.ts'
import { openRawRelay } from '../support/raw-relay.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

let line: Line
let database: Awaited<ReturnType<typeof copyTemplate>>
let service: TestService

beforeAll(async () => {
  database = await copyTemplate()
  line = await openLine(database.url)
  service = await startTestService({ DATABASE_URL: throughLine(database.url, line), LOG_LEVEL: 'info' })
})
afterAll(async () => {
  await service.close()
  await line.close()
  await database.drop()
})

test('while the database is away every answer that needs it is 503, and it recovers by itself', async () => {
  const answered: string[] = []
  let isOver = false
  const statuses = new Set<number>()
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let n = 0; !isOver; n++) {
      const email = `ann-${lane}-${n}@example.com`
      const answer = await service.signUp({ email })
      statuses.add(answer.status)
      if (answer.status === 202) answered.push(email)
      else expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      await answer.arrayBuffer()
    }
  })
  await eventually(async () => answered.length > 50)
  await line.cut()
  await eventually(async () => statuses.has(503))
  expect((await service.fetch('/healthz')).status).toBe(200)
  expect((await service.fetch('/readyz')).status).toBe(503)
  await line.mend()
  const before = answered.length
  await eventually(async () => answered.length > before + 50, 'recovery')
  isOver = true
  await Promise.all(lanes)
  expect(statuses).toEqual(new Set([202, 503]))
  expect((await service.fetch('/readyz')).status).toBe(200)
  const { rows } = await service.service.db
    .selectFrom('signups as s')
    .innerJoin('letters as l', 'l.signup_id', 's.id')
    .select('s.email')
    .execute()
    .then((found) => ({ rows: new Set(found.map((row) => row.email)) }))
  expect(answered.filter((email) => !rows.has(email))).toEqual([])
  const last = answered.at(-1) ?? ''
  expect((await letterTo(service, last)).to).toBe(last)
}, 60_000)

test('a service ends also while the database is away and the relay’s answer cannot be written', async () => {
  const copy = await copyTemplate()
  const cutLine = await openLine(copy.url)
  let answer: () => void = () => {}
  const relay = await openRawRelay((command, _n, say) => {
    if (command !== 'end of data') return 'usual'
    answer = () => say('250 2.0.0 Ok')
    return null
  })
  const ending = await startTestService({
    DATABASE_URL: throughLine(copy.url, cutLine),
    SMTP_URL: relay.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
  })
  expect((await ending.signUp({ email: 'ann@example.com' })).status).toBe(202)
  await eventually(async () => relay.finished() === 1)
  await cutLine.cut()
  answer()
  await eventually(async () => ending.logged.some((line) => line.includes('acceptances-not-recorded')))
  await ending.close()
  // the letter is not lost: it is due again when its lease is over
  await relay.close()
  await copy.drop()
})
