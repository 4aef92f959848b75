import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAlone } from '../../src/store/alone.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

let made: TestDatabase

beforeAll(async () => {
  made = await makeDatabase()
})
afterAll(() => made.close())

const alone = () => openAlone(made.database.connection)

test('one at a time does the work, and another name is another work', async () => {
  const done = await alone()('a', async () => [
    await alone()('a', async () => 'never'),
    await alone()('b', async () => 'b'),
  ])
  expect(done).toEqual({ kind: 'done', value: [{ kind: 'busy' }, { kind: 'done', value: 'b' }] })
})

test('afterwards it is free at once, also when the work fails', async () => {
  for (let n = 0; n < 5; n++) {
    await expect(alone()('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await alone()('a', async () => n)).toEqual({ kind: 'done', value: n })
  }
})

test('the work hears that its lock is lost', async () => {
  await alone()('a', async (lost) => {
    const heard = new Promise((resolve) => lost.addEventListener('abort', resolve))
    await made.database.pool.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    )
    await heard
    expect(await alone()('a', async () => 'other')).toEqual({ kind: 'done', value: 'other' })
  })
})
