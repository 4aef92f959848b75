import { afterAll, beforeAll, expect, test } from 'vitest'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { type AdminHouse, openAdminHouse } from '../support/admin-house.ts'
let house: AdminHouse
beforeAll(async () => { house = await openAdminHouse() })
afterAll(() => house.close())
const erase = (email: string) => erasePerson({ ...house.deps, eraseFromMailbox: async () => {} }, email)
test('x', async () => {
  for (let round = 0; round < 60; round++) {
    const email = `again${round}@example.com`
    await house.signUp(email)
    await Promise.all([erase(email), house.signUp(email).catch((e) => console.log(round, String(e)))])
    const found = await house.deps.db.selectFrom('signups').selectAll().where('email', '=', email).execute()
    const addresses = await house.deps.db.selectFrom('addresses').selectAll().execute()
    const letters = await house.deps.db.selectFrom('letters').selectAll().execute()
    const mailboxes = await house.deps.db.selectFrom('mailboxes').selectAll().execute()
    if (found.length !== addresses.length) console.log(round, JSON.stringify({ found, addresses, letters, mailboxes }))
    await erase(email)
    await house.deps.db.deleteFrom('addresses').execute()
  }
})
