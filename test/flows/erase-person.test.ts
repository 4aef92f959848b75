// Erasing a person while something else happens to them: it comes before or after, and never half.
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLinkToken, makeReturnToken } from '../../src/core/tokens.ts'
import { confirm } from '../../src/flows/confirm.ts'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { receiveBounce } from '../../src/flows/receive-bounce.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { claimLetters, deferLetter, recordAccepted } from '../../src/store/out-tray.ts'
import { type AdminHouse, nobody, openAdminHouse } from '../support/admin-house.ts'

let house: AdminHouse

beforeAll(async () => {
  house = await openAdminHouse()
})
afterAll(() => house.close())

const erase = (email: string) => erasePerson({ ...house.deps, eraseFromMailbox: async () => {} }, email)

async function rows(): Promise<Record<string, number>> {
  const { db } = house.deps
  const count = async (table: 'addresses' | 'mailboxes' | 'signups' | 'letters' | 'events' | 'bounces') =>
    (await db.selectFrom(table).selectAll().execute()).length
  return {
    addresses: await count('addresses'),
    mailboxes: await count('mailboxes'),
    signups: await count('signups'),
    letters: await count('letters'),
    events: await count('events'),
    bounces: await count('bounces'),
  }
}

const nothing = { addresses: 0, mailboxes: 0, signups: 0, letters: 0, events: 0, bounces: 0 }

function refused(letterId: string) {
  const report = { status: '4.7.1', reply: '450 later', recipient: null, rule: null, forwarded: false }
  return receiveBounce(house.deps, {
    door: 'relay',
    at: house.deps.now(),
    fingerprint: createHash('sha256').update(randomUUID()).digest(),
    letterId,
    report: { ...report, category: 'temporary' },
  })
}

test('a letter that is being sent at that moment brings nothing back', async () => {
  const { letterId } = await house.signUp('sent@example.com')
  const at = house.deps.now()
  await claimLetters(house.deps.db, { name: randomUUID(), limit: 10, now: at, until: at })
  await erase('sent@example.com')
  await recordAccepted(house.deps.db, [{ letterId, reply: '250 ok', at }], 3600)
  await deferLetter(house.deps.db, letterId, { at, dueAt: at, reply: '450 later', status: null })
  expect(await refused(letterId)).toBe(false)
  const token = makeLinkToken(house.deps.ring.current, 'confirm', letterId)
  expect(await confirm(house.deps, { token, client: nobody })).toMatchObject({
    kind: 'gone',
    code: 'link-expired',
  })
  expect(await rows()).toEqual(nothing)
})

test('a report that comes in late does not bring the address back', async () => {
  const { letterId } = await house.signUp('late@example.com')
  const token = makeReturnToken(house.deps.ring.current, letterId)
  await erase('late@example.com')
  const raw = Buffer.from(
    [
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'late@example.com is nobody here.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Final-Recipient: rfc822; late@example.com',
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 <late@example.com> is nobody',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `X-Ayes-Letter: ${token}`,
      '--b--',
    ].join('\r\n'),
  )
  const received = await receiveMessage(house.deps, { door: 'message', raw, recipient: null })
  expect(received).toEqual({ matched: false, category: 'mailbox-does-not-exist' })
  const [report, ...more] = await house.deps.db.selectFrom('bounces').selectAll().execute()
  expect([report?.category, report?.recipient, report?.reply, report?.raw?.length, more]).toEqual([
    'mailbox-does-not-exist',
    null,
    null,
    0,
    [],
  ])
  await house.deps.db.deleteFrom('bounces').execute()
})

test('a report that hides the address in base64 or across two lines is found, and others stay', async () => {
  const hidden = [
    ...['', 'x', 'xy'].map((before) => {
      const encoded = Buffer.from(
        `${'A line in front of it.'.repeat(3)}${before}Hidden@example.com.`,
      ).toString('base64')
      return `Content-Transfer-Encoding: base64\r\n\r\n${encoded.replaceAll(/.{76}/g, '$&\r\n')}\r\n`
    }),
    'Content-Transfer-Encoding: quoted-printable\r\n\r\nsent to hidden@exa=\r\nmple.com, who is gone\r\n',
    'Content-Transfer-Encoding: quoted-printable\n\nsent to hidden=40example.com, who is gone\n',
  ]
  const other = `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from('to seen@example.com').toString('base64')}\r\n`
  for (const text of [...hidden, other]) {
    const raw = Buffer.from(`From: mailer-daemon@example.net\r\n${text}`)
    expect(await receiveMessage(house.deps, { door: 'message', raw, recipient: null })).toMatchObject({
      matched: false,
    })
  }
  await erase('Hidden@example.com')
  const left = await house.deps.db.selectFrom('bounces').select('raw').execute()
  expect(left.map(({ raw }) => raw?.toString())).toEqual([expect.stringContaining(other)])
  await house.deps.db.deleteFrom('bounces').execute()
})

test('with clicks, bounces and sending results at once, nobody waits in a circle and nothing is left', async () => {
  for (let round = 0; round < 15; round++) {
    const email = `round${round}@example.com`
    const { letterId } = await house.signUp(email)
    const token = makeLinkToken(house.deps.ring.current, 'confirm', letterId)
    const at = house.deps.now()
    const results = await Promise.allSettled([
      confirm(house.deps, { token, client: nobody }),
      recordAccepted(house.deps.db, [{ letterId, reply: '250 ok', at }], 3600),
      erase(email),
      refused(letterId),
      erase(email),
    ])
    expect(results.filter((result) => result.status === 'rejected')).toEqual([])
  }
  expect(await rows()).toEqual(nothing)
  const departures = await house.deps.db.selectFrom('departures').select('why').execute()
  expect(new Set(departures.map(({ why }) => why)).difference(new Set(['erased'])).size).toBe(0)
})

test('a signup at that moment is erased whole, or stands whole', async () => {
  for (let round = 0; round < 10; round++) {
    const email = `again${round}@example.com`
    await house.signUp(email)
    await Promise.all([erase(email), house.signUp(email)])
    // of all addresses, for the others are erased
    const { addresses, signups, letters } = await rows()
    expect([addresses, letters]).toEqual([signups, signups])
    await erase(email)
  }
  expect(await rows()).toEqual(nothing)
})
