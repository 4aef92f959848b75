import { expect, test } from 'vitest'
import { windowLimiter } from '../../../../src/doors/http/shell/limiter.ts'

test('a client gets its count in a window and the next window anew', () => {
  let time = 1_000_000_000_000
  const limiter = windowLimiter({ count: 2, seconds: 60, now: () => time })
  time += 15_000 - (time % 60_000)
  expect([1, 2, 3].map(() => limiter.take(['4:192.0.2.1']).kind)).toEqual(['granted', 'granted', 'limited'])
  expect(limiter.take(['4:192.0.2.1'])).toEqual({ kind: 'limited', retryAfter: 45 })
  expect(limiter.take(['4:192.0.2.2']).kind).toBe('granted')
  time += 45_000
  expect(limiter.take(['4:192.0.2.1']).kind).toBe('granted')
})

test('the wider key gets five times the count', () => {
  const limiter = windowLimiter({ count: 1, seconds: 60, now: () => 0 })
  const kinds = Array.from({ length: 7 }, (_, n) => limiter.take([`6:${n}`, '6:site']).kind)
  expect(kinds.filter((kind) => kind === 'granted')).toHaveLength(5)
})

test('only so many clients are remembered, and the last one is among them', () => {
  const limiter = windowLimiter({ count: 1, seconds: 60, mostKeys: 3, now: () => 0 })
  for (let n = 0; n < 100; n++) limiter.take([`4:${n}`])
  expect(limiter.take(['4:99']).kind).toBe('limited')
  expect(limiter.take(['4:0']).kind).toBe('granted')
})
