// The tests of the test: what reads the imports and judges them.
import { describe, expect, test } from 'vitest'
import { breach } from './support/house-plan.ts'
import { circlesIn, importsOf, packageOf, type SourceFile } from './support/source-files.ts'

describe('the reading of imports', () => {
  test('sees every form of them', () => {
    const code = `import { a } from './a.ts'
import type { B } from '../store/b.ts'
import './c.ts'
import d, {
  type E,
} from "@scope/d/path"
import * as f from 'node:fs'
export { g } from './g.ts'
export type * from './h.ts'
const i = await import('./i.ts')
const text = 'import'`
    expect(importsOf('src/flows/x.ts', code).map(({ target, isType }) => [target, isType])).toEqual([
      ['src/flows/a.ts', false],
      ['src/store/b.ts', true],
      ['src/flows/c.ts', false],
      ['@scope/d/path', false],
      ['node:fs', false],
      ['src/flows/g.ts', false],
      ['src/flows/h.ts', true],
      ['src/flows/i.ts', false],
    ])
    expect(packageOf('@scope/d/path')).toBe('@scope/d')
    expect(packageOf('kysely/migration')).toBe('kysely')
  })

  test.each([
    ['src/core/a.ts', 'src/store/b.ts', true],
    ['src/core/a.ts', 'src/log.ts', true],
    ['src/store/a.ts', 'src/mail/b.ts', true],
    ['src/mail/a.ts', 'src/log.ts', false],
    ['src/flows/a.ts', 'src/doors/http/b.ts', false],
    ['src/flows/a.ts', 'src/config.ts', false],
    ['src/doors/http/a.ts', 'src/store/b.ts', true],
    ['src/doors/http/a.ts', 'src/mail/b.ts', false],
    ['src/config.ts', 'src/main.ts', false],
    ['src/elsewhere/a.ts', 'src/core/b.ts', false],
  ])('%s must not import %s', (path, target, isType) => {
    expect(breach(path, target, isType)).not.toBeNull()
  })

  test.each([
    ['src/store/a.ts', 'src/core/b.ts', false],
    ['src/mail/a.ts', 'src/log.ts', true],
    ['src/flows/a.ts', 'src/config.ts', true],
    ['src/doors/http/a.ts', 'src/doors/http/b.ts', false],
    ['src/main.ts', 'src/config.ts', false],
    ['src/templates.ts', 'src/templates/words.ts', false],
  ])('%s may import %s', (path, target, isType) => {
    expect(breach(path, target, isType)).toBeNull()
  })

  test('a circle is found wherever it is entered', () => {
    const file = (path: string, ...targets: string[]): SourceFile => {
      const imports = targets.map((target) => ({ target, isOurs: true, isType: false }))
      return { path, text: '', code: '', lines: 0, imports }
    }
    expect(circlesIn([file('a', 'b'), file('b', 'c'), file('c', 'b'), file('d', 'a')])).toEqual([
      ['b', 'c', 'b'],
    ])
    expect(circlesIn([file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')])).toEqual([])
  })
})
