import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkBounceRate } from '../src/cli/doctor/check-bounce-rate.ts'
import { countTraffic } from './support/bounce-traffic.ts'
import { type FlowService, openFlowService } from './support/flow-service.ts'
import { testConfig } from './support/running-service.ts'

let flows: FlowService
beforeAll(async () => {
  flows = await openFlowService()
})
afterAll(() => flows.close())

const check = (limit: string) => checkBounceRate(flows.service.db, testConfig({ BOUNCE_RATE_LIMIT: limit }))

test('the doctor speaks of the bounce rate while it is above its limit, and only then', async () => {
  expect(await check('3%')).toEqual([])
  countTraffic(flows.service.tally, { letters: 200, hard: 9 })
  await flows.service.tally.flush()
  expect(await check('3%')).toMatchObject([
    {
      check: 'bounce-rate',
      result: 'warning',
      found: 'In the last 24 hours 9 letters bounced hard and 200 were accepted: 4.5%, above the limit of 3%',
    },
  ])
  expect([await check('5%'), await check('off')]).toEqual([[], []])
})
