// One clock for all streams, in turns.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openHeartbeat } from '../../../../src/doors/http/shell/heartbeat.ts'
import { mostOpenFiles } from '../../../../src/doors/http/shell/open-files.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('each member is called once a period, and not all in the same moment', () => {
  const heartbeat = openHeartbeat(20)
  const calls: { name: number; at: number }[] = []
  for (let name = 0; name < 40; name++) {
    heartbeat.join(() => calls.push({ name, at: Date.now() }))
    vi.advanceTimersByTime(500)
  }
  vi.advanceTimersByTime(60_000)
  const one = calls.filter(({ name }) => name === 7).map(({ at }) => at)
  expect(one.slice(1).map((at, n) => at - (one[n] ?? 0))).toEqual(one.slice(1).map(() => 20_000))
  const together = Map.groupBy(calls, ({ at }) => at)
  expect(Math.max(...[...together.values()].map((same) => same.length))).toBeLessThanOrEqual(2)
})

test('who has left is called no more, and the clock stands still when all have', () => {
  const heartbeat = openHeartbeat(20)
  let calls = 0
  const leave = [heartbeat.join(() => calls++), heartbeat.join(() => calls++)]
  expect(vi.getTimerCount()).toBe(1)
  leave[0]?.()
  leave[0]?.()
  vi.advanceTimersByTime(20_000)
  expect(calls).toBe(1)
  leave[1]?.()
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  [
    'Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 4096    files\n',
    1024,
  ],
  ['Max open files            unlimited            unlimited            files\n', Number.POSITIVE_INFINITY],
  ['', Number.POSITIVE_INFINITY],
])('how many files may be open is read from what Linux says: %j', (text, most) => {
  expect(mostOpenFiles(() => text)).toBe(most)
})

test('where nothing says how many, there is no bound', () => {
  const none = () => {
    throw new Error('no /proc')
  }
  expect(mostOpenFiles(none)).toBe(Number.POSITIVE_INFINITY)
})
