import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  goneCode,
  isOpen,
  mayBecome,
  type SignupStatus,
  signupStatuses,
  statusAt,
} from '../../src/core/signup-states.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { bringTo, insertPending, makeStatus } from '../support/rows.ts'

const pairs = signupStatuses.flatMap((from) => signupStatuses.map((to) => ({ from, to })))

describe('the table of states', () => {
  test('is the one of the contract', () => {
    expect(mayBecome).toEqual({
      pending: ['confirmed', 'invalid', 'declined', 'expired', 'replaced'],
      confirmed: ['unsubscribed'],
      unsubscribed: [],
      invalid: ['replaced'],
      declined: [],
      expired: ['replaced'],
      replaced: [],
    })
  })

  test('pending and confirmed are open, nothing else is, and only what is not open has a reason to be gone', () => {
    expect(signupStatuses.filter(isOpen)).toEqual(['pending', 'confirmed'])
    expect(signupStatuses.filter((status) => goneCode(status) === null)).toEqual(['pending', 'confirmed'])
  })

  test('each state that is gone has its code', () => {
    const codes = signupStatuses.map(goneCode).filter((code) => code !== null)
    expect(codes).toEqual(['unsubscribed', 'address-invalid', 'declined', 'link-expired', 'replaced'])
  })

  test('a pending signup is expired from the very moment on, and no other state is', () => {
    const at = new Date('2026-01-01T00:00:00Z')
    const before = new Date(at.getTime() - 1)
    expect(statusAt('pending', at, at)).toBe('expired')
    expect(statusAt('pending', at, before)).toBe('pending')
    expect(statusAt('pending', null, at)).toBe('pending')
    const others = signupStatuses.filter((status) => status !== 'pending')
    expect(others.map((status) => statusAt(status, before, at))).toEqual(others)
  })
})

describe('the schema holds the same table', () => {
  let one: TestDatabase
  beforeAll(async () => {
    one = await makeDatabase()
  })
  afterAll(() => one.close())

  async function isTaken(from: SignupStatus, to: SignupStatus): Promise<boolean> {
    const { db } = one.database
    const id = await insertPending(db)
    await bringTo(db, id, from)
    return makeStatus(db, id, to).then(
      () => true,
      () => false,
    )
  }

  test.each(pairs.filter(({ from, to }) => from !== to))('from $from to $to', async ({ from, to }) => {
    expect(await isTaken(from, to)).toBe(mayBecome[from].includes(to))
  })
})
