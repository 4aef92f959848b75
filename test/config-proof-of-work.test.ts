import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { testConfig } from './support/running-service.ts'

const readings: [string, object][] = [
  ['', { kind: 'auto', burst: null }],
  ['off', { kind: 'off' }],
  ['on', { kind: 'on' }],
  ['auto', { kind: 'auto', burst: null }],
  ['auto:50/10s', { kind: 'auto', burst: { count: 50, seconds: 10 } }],
  ['auto:1000/1m', { kind: 'auto', burst: { count: 1_000, seconds: 60 } }],
]

test.each(readings)('PROOF_OF_WORK=%s', (text, value) => {
  expect(testConfig({ PROOF_OF_WORK: text }).visitor.proofOfWork).toEqual(value)
})

test.each(['yes', 'ON', 'auto:', 'auto:off', 'auto:0/1m', 'auto:10', 'auto:10/0s', 'auto:1e3/1m', '10/1m'])(
  'PROOF_OF_WORK=%s is a mistake',
  (text) => {
    expect(readConfig({ PROOF_OF_WORK: text }, () => '')).toEqual({
      kind: 'mistakes',
      mistakes: [
        `PROOF_OF_WORK is "${text}", which is not known: write off, on or auto, or auto with the signups that make a burst, such as auto:1000/1m`,
      ],
    })
  },
)
