import { expect, test } from 'vitest'
import { openTurns } from '../../src/doors/lmtp/turns.ts'

test('so many works run at once, the others in their order, and a failed one passes its turn on', async () => {
  const turns = openTurns(2)
  const begun: number[] = []
  const ends = Array.from({ length: 6 }, () => Promise.withResolvers<void>())
  const results = ends.map(({ promise }, n) =>
    turns.take(async () => {
      begun.push(n)
      await promise
      return n
    }),
  )
  for (const [n, end] of ends.entries()) {
    expect(begun).toEqual([0, 1, 2, 3, 4, 5].slice(0, n + 2))
    if (n === 1) end.reject(new Error('failed'))
    else end.resolve()
    await results[n]?.catch(() => {})
    await new Promise((resolve) => setImmediate(resolve))
  }
  const settled = await Promise.allSettled(results)
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
  expect(await turns.take(async () => 'again')).toBe('again')
  await turns.settled()
})
