import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

function reportingFrom(env: Record<string, string>) {
  const reading = readConfig(env, () => '')
  return reading.kind === 'config' ? reading.config.reporting : reading.mistakes
}

describe('BOUNCE_RATE_LIMIT', () => {
  test.each([
    ['3%', 0.03],
    ['2.5%', 0.025],
    ['2.3 %', 0.023],
    ['0.001%', 0.00001],
    ['100%', 1],
    ['off', null],
  ])('%s', (text, bounceRateLimit) => {
    expect(reportingFrom({ BOUNCE_RATE_LIMIT: text })).toMatchObject({ bounceRateLimit })
  })

  test.each(['3', '0.03', '0%', '101%', '-1%', '1e1%', '3%%', '%', 'on', '1.2345%', 'NaN%'])(
    '%s is a mistake',
    (text) => {
      expect(reportingFrom({ BOUNCE_RATE_LIMIT: text })).toEqual([
        `BOUNCE_RATE_LIMIT is "${text}", which is not a share above 0% and up to 100%: write a number with its sign, such as 3% or 2.5%, or off for no alarm`,
      ])
    },
  )
})

describe('REPORT_TO', () => {
  test('is an address', () => {
    expect(reportingFrom({ REPORT_TO: ' jo@Example.com ' })).toMatchObject({ to: 'jo@example.com' })
  })

  test.each(['jo', 'jo@', 'a@example.com,b@example.com', 'jo@exam ple.com'])('%s is a mistake', (text) => {
    expect(reportingFrom({ REPORT_TO: text })).toEqual([
      `REPORT_TO is "${text}", which is not a mail address: write one address, such as jo@example.com`,
    ])
  })
})
