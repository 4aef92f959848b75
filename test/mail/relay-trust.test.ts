import { createHash, createVerify, generateKeyPairSync } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect } from 'vitest'
import { localhostCertificate } from './localhost-certificate.ts'
import { test } from './relay-for-tests.ts'
import { sampleLetter } from './sample-letter.ts'

test('user and password are percent-decoded, and the login goes over STARTTLS where it is offered', async ({
  open,
  real,
}) => {
  const { relay } = await real({
    authOptional: false,
    onAuth: (auth, _session, done) => done(null, { user: `${auth.username} ${auth.password}` }),
  })
  const mailer = open(`smtp://anna%40example.com:p%2Fw%3A%25%20@127.0.0.1:${relay.port}`)
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect(relay.taken[0]).toMatchObject({ user: 'anna@example.com p/w:% ', secure: true })
})

test('a certificate that nobody vouches for is trouble, told clearly', async ({ real }) => {
  const { mailer } = await real({ secure: true })
  expect(await mailer.send(sampleLetter())).toEqual({
    kind: 'trouble',
    reply: expect.stringMatching(
      /^TLS with 127\.0\.0\.1:\d+ failed: self-signed certificate .*SMTP_URL.*NODE_EXTRA_CA_CERTS/,
    ),
  })
})

test('smtps:// speaks TLS from the first byte', async ({ cleanUp, open, real }) => {
  const before = getCACertificates()
  setDefaultCACertificates([...before, localhostCertificate])
  cleanUp.push(async () => setDefaultCACertificates(before))
  const { relay, mailer } = await real({ secure: true })
  expect((await mailer.send(sampleLetter())).kind).toBe('accepted')
  expect((await open(`smtps://localhost:${relay.port}`).send(sampleLetter())).kind).toBe('accepted')
  expect(relay.taken.map(({ secure }) => secure)).toEqual([true, true])
})

test('a relay that speaks no TLS behind smtps:// is trouble', async ({ open, scripted }) => {
  const { relay } = await scripted()
  const result = await open(`smtps://127.0.0.1:${relay.port}`).send(sampleLetter())
  expect(result).toEqual({ kind: 'trouble', reply: expect.stringContaining('TLS with 127.0.0.1') })
})

test('letters are signed with DKIM so that the signature verifies', async ({ real }) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const dkim = { domain: 'example.com', selector: 'mail2026', privateKey: pem }
  const { relay, mailer } = await real({}, { dkim })
  await mailer.send(
    sampleLetter({
      subject: 'Bitte bestätigen Sie Ihre Anmeldung zu einem Rundbrief mit langem Namen',
      headers: {
        'Form-Sub': 'v=1; ip=none',
        'List-Unsubscribe': '<https://example.com/u/1>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    }),
  )
  const raw = relay.taken[0]?.raw ?? ''
  const end = raw.indexOf('\r\n\r\n')
  const fields = raw.slice(0, end).split(/\r\n(?![ \t])/)
  const signature = relaxed(fields.find((field) => field.startsWith('DKIM-Signature')) ?? '')
  const tag = (name: string) =>
    new RegExp(`[:;] ?${name}=([^;]*)`).exec(signature)?.[1]?.replaceAll(' ', '') ?? ''
  expect(tag('d')).toBe('example.com')
  expect(tag('s')).toBe('mail2026')
  const body = raw
    .slice(end + 4)
    .replace(/[ \t]+(?=\r\n)/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/(\r\n)*$/, '\r\n')
  expect(tag('bh')).toBe(createHash('sha256').update(body).digest('base64'))
  expect(tag('h').split(':')).toEqual(
    expect.arrayContaining([
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'form-sub',
      'list-unsubscribe',
      'list-unsubscribe-post',
    ]),
  )
  const signed = tag('h')
    .split(':')
    .map((name) => relaxed(fields.find((field) => field.toLowerCase().startsWith(`${name}:`)) ?? ''))
  const verify = createVerify('RSA-SHA256')
  verify.update([...signed, signature.replace(/; ?b=.*$/, ';b=')].join('\r\n').replace(/;b=$/, '; b='))
  expect(verify.verify(publicKey, tag('b'), 'base64')).toBe(true)
})

test('a DKIM key that cannot sign is refused at the start', ({ open }) => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const dkim = { domain: 'example.com', selector: 'mail2026', privateKey: pem }
  expect(() => open('smtp://127.0.0.1', { dkim })).toThrow('ed25519')
})

test('a URL that is none is refused at the start, and not repeated', ({ open }) => {
  for (const url of ['http://x:secret@example.com', 'smtp://', 'smtp://anna:sec%ret@example.com', 'secret']) {
    expect(() => open(url)).toThrow(/smtp:\/\/|percent/)
    expect(() => open(url)).not.toThrow('secret')
  }
})

/** One header field by the relaxed rules of RFC 6376, section 3.4.2. */
function relaxed(field: string): string {
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(field) ?? []
  return `${name.toLowerCase().trim()}:${value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`
}
