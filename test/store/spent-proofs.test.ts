import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/store/open-database.ts'
import { spendProof } from '../../src/store/spent-proofs.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'

let made: TestDatabase
let db: Db
beforeAll(async () => {
  made = await makeDatabase()
  db = made.database.db
})
afterAll(() => made.close())

const now = new Date('2026-11-24T12:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const count = async () => (await db.selectFrom('spent_proofs').select('nonce').execute()).length

test('a proof is good once, however many ask at the same time', async () => {
  const proof = { nonce: randomBytes(16), expiresAt: later(600) }
  const answers = await Promise.all(Array.from({ length: 20 }, () => spendProof(db, proof, now)))
  expect(answers.filter((good) => good)).toHaveLength(1)
  expect(await spendProof(db, proof, later(599))).toBe(false)
  expect(await spendProof(db, { ...proof, nonce: randomBytes(16) }, now)).toBe(true)
})

test('what is over goes as new ones come, so that the table does not grow', async () => {
  for (let n = 0; n < 50; n++)
    await spendProof(db, { nonce: randomBytes(16), expiresAt: later(600 + n) }, now)
  const before = await count()
  // Clocks of two processes may differ by some seconds: until then nothing goes.
  await spendProof(db, { nonce: randomBytes(16), expiresAt: later(1_200) }, later(601))
  expect(await count()).toBe(before + 1)
  for (let n = 0; n < 10; n++) {
    await spendProof(db, { nonce: randomBytes(16), expiresAt: later(2_000 + n) }, later(1_000))
  }
  expect(await count()).toBeLessThanOrEqual(11)
})
