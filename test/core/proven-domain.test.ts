import { expect, test } from 'vitest'
import { isProven } from '../../src/core/proven-domain.ts'

test.each([
  [1, 1, false],
  [1, 3, false],
  [2, 1, false],
  [2, 2, true],
  [4, 1, false],
  [5, 1, true],
  [7, 3, true],
])('%i people from %i networks: %s', (people, networks, proven) => {
  expect(isProven({ people, networks })).toBe(proven)
})
