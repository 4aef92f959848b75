import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'

test('a letter arrives as it was written, with every header that it must have', async ({ real }) => {
  const { relay, mailer } = await real({}, { now: () => new Date('2026-03-01T12:00:00Z') })
  const letter = sampleLetter({
    from: { name: 'Größe & Söhne, "GmbH"', address: 'news@example.com' },
    replyTo: 'office@example.com',
    subject: 'Bitte bestätigen: ☃ und noch viel mehr, was nicht in eine Zeile passt, so lang ist es',
    text: 'Grüße aus Köln\n.\nEnde\n',
    html: '<p>Grüße aus Köln</p>\n',
    headers: { 'List-Id': 'Example <news.example.com>' },
  })
  const result = await mailer.send(letter)
  expect(result).toEqual({ kind: 'accepted', reply: expect.stringMatching(/^250 /) })
  const raw = relay.taken[0]?.raw ?? ''
  const read = await PostalMime.parse(raw)
  const lf = (text: string | undefined) => text?.replaceAll('\r\n', '\n')
  expect({ ...read, text: lf(read.text), html: lf(read.html) }).toMatchObject({
    from: letter.from,
    replyTo: [{ address: 'office@example.com' }],
    to: [{ address: letter.to }],
    subject: letter.subject,
    messageId: `<${letter.messageId}>`,
    date: '2026-03-01T12:00:00.000Z',
    text: letter.text,
    html: letter.html,
  })
  const headers = Object.fromEntries(read.headers.map(({ key, value }) => [key, value]))
  expect(headers).toMatchObject({
    'auto-submitted': 'auto-generated',
    'x-auto-response-suppress': 'DR, RN, NRN, OOF, AutoReply',
    'x-ayes-letter': letter.token,
    'list-id': 'Example <news.example.com>',
    'content-type': expect.stringMatching(/^multipart\/alternative; boundary=/),
  })
})

test('the envelope has our sender, the recipient and the DSN parameters, and EHLO our name', async ({
  real,
}) => {
  const { relay, mailer } = await real()
  const letter = sampleLetter({ to: 'o’neill+tag@example.org'.replace('’', "'") })
  await mailer.send(letter)
  expect(relay.taken[0]?.name).toBe('ayes.example')
  expect(relay.taken[0]?.envelope).toMatchObject({
    mailFrom: { address: letter.envelopeFrom },
    rcptTo: [{ address: letter.to, dsn: { notify: ['FAILURE'] } }],
    dsn: { ret: 'HDRS', envid: letter.token },
  })
})

test('a relay without DSN gets no DSN parameters', async ({ scripted }) => {
  const { relay, mailer } = await scripted({ EHLO: '250 relay.example' })
  const letter = sampleLetter()
  await mailer.send(letter)
  expect(relay.commands.slice(0, 3)).toEqual([
    'EHLO ayes.example',
    `MAIL FROM:<${letter.envelopeFrom}>`,
    `RCPT TO:<${letter.to}>`,
  ])
})

test('an address beyond ASCII goes out as SMTPUTF8', async ({ real }) => {
  const { relay, mailer } = await real()
  const result = await mailer.send(sampleLetter({ to: 'jürgen@xn--bcher-kva.example' }))
  expect(result.kind).toBe('accepted')
  expect(relay.taken[0]?.envelope).toMatchObject({
    smtpUtf8: true,
    // as this server shows domains
    rcptTo: [{ address: 'jürgen@bücher.example' }],
  })
  const read = await PostalMime.parse(Buffer.from(relay.taken[0]?.raw ?? ''))
  expect(read.to).toEqual([{ address: 'jürgen@xn--bcher-kva.example', name: '' }])
})

test('the domain stays in ASCII on the wire', async ({ scripted }) => {
  const { relay, mailer } = await scripted({ EHLO: '250-relay.example\r\n250 SMTPUTF8' })
  const letter = sampleLetter({ to: 'jürgen@xn--bcher-kva.example' })
  await mailer.send(letter)
  expect(relay.commands.slice(1, 3)).toEqual([
    `MAIL FROM:<${letter.envelopeFrom}> SMTPUTF8`,
    'RCPT TO:<jürgen@xn--bcher-kva.example>',
  ])
})

test('an internationalised domain alone needs no SMTPUTF8', async ({ real }) => {
  const { relay, mailer } = await real({ hideSMTPUTF8: true })
  expect((await mailer.send(sampleLetter({ to: 'anna@xn--bcher-kva.example' }))).kind).toBe('accepted')
  expect(relay.taken).toHaveLength(1)
})

test('an address beyond ASCII is impossible where the relay has no SMTPUTF8, and the next letter goes out', async ({
  real,
}) => {
  const { relay, mailer } = await real({ hideSMTPUTF8: true })
  expect(await mailer.send(sampleLetter({ to: 'jürgen@example.org' }))).toEqual({
    kind: 'impossible',
    reason: `the address has characters beyond ASCII before the @, and the relay 127.0.0.1:${relay.port} does not offer SMTPUTF8`,
  })
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.taken).toHaveLength(1)
})

test.for([
  'anna@example.org> NOTIFY=NEVER',
  'anna@example.org\r\nRCPT TO:<eve@example.org>',
  'anna@example.org\nDATA',
  'anna eve@example.org',
  '<anna@example.org>',
  'anna@example.org\u0000',
  '"anna\r\n"@example.org',
  'anna@example.org, eve@example.org',
  'anna',
  '',
])('no address smuggles a command: %j', async (to, { real }) => {
  const { relay, mailer } = await real()
  expect(await mailer.send(sampleLetter({ to }))).toMatchObject({ kind: 'impossible' })
  expect(await mailer.send(sampleLetter({ envelopeFrom: to }))).toMatchObject({ kind: 'impossible' })
  expect(await mailer.send(sampleLetter({ replyTo: to }))).toMatchObject({ kind: 'impossible' })
  expect(await mailer.send(sampleLetter({ from: { name: '', address: to } }))).toMatchObject({
    kind: 'impossible',
  })
  expect(relay.peak).toBe(0)
})
