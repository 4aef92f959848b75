import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

test.each([
  [{}, 'alarm'],
  [{ BOUNCE_GUARD: 'alarm' }, 'alarm'],
  [{ BOUNCE_GUARD: 'pause' }, 'pause'],
])('%j: %s', (env, guard) => {
  expect(readConfig(env, () => '')).toMatchObject({ kind: 'config', config: { reporting: { guard } } })
})

test('any other word is a mistake that names both', () => {
  expect(readConfig({ BOUNCE_GUARD: 'stop' }, () => '')).toEqual({
    kind: 'mistakes',
    mistakes: ['BOUNCE_GUARD is "stop", which is not known: write alarm or pause'],
  })
})
