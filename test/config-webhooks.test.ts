import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { webhookNames } from '../src/config/webhooks.ts'
import { readConfig, secretsIn } from '../src/config.ts'
import { webhookSettings } from './support/webhook-calls.ts'

function mistakesFrom(env: Record<string, string>): string[] {
  const reading = readConfig(env, () => '')
  return reading.kind === 'mistakes' ? reading.mistakes : []
}

function configFrom(env: Record<string, string>) {
  const reading = readConfig(env, () => '')
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'))
  return reading
}

const topic = 'arn:aws:sns:eu-central-1:123456789012:ses-bounces'
const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64')
const long = 'x'.repeat(30)

test('without them no provider has a door', () => {
  expect(new Set(Object.values(configFrom({}).config.webhooks))).toEqual(new Set([null]))
})

test('all of them are read, and the log is told of every secret', () => {
  const { config } = configFrom({ ...webhookSettings, SES_TOPIC: `${topic}, ${topic}-2` })
  const { webhooks } = config
  expect(webhooks.ses).toEqual([topic, `${topic}-2`])
  expect(webhooks.postmark).toEqual({ user: 'ayes', password: 'postmark-password-for-tests-1' })
  expect(Object.values(webhooks)).not.toContain(null)
  const secrets = secretsIn(config)
  for (const secret of [
    webhooks.mailgun,
    webhooks.brevo,
    webhooks.resend,
    webhooks.postmark?.password,
    webhooks.sparkpost?.password,
    webhooks.mailjet?.password,
  ]) {
    expect(secrets).toContain(secret)
  }
})

test.each([
  ['arn:aws-cn:sns:cn-north-1:123456789012:a_B-1'],
  ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:a'],
])('%s is a topic', (text) => {
  expect(configFrom({ SES_TOPIC: text }).config.webhooks.ses).toEqual([text])
})

test('a password may hold a colon', () => {
  const { mailjet } = configFrom({ MAILJET_WEBHOOK: `a:b:${long}` }).config.webhooks
  expect(mailjet).toEqual({ user: 'a', password: `b:${long}` })
})

describe('a wrong value is a mistake by name, and no secret is printed', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  test.each([
    ['SES_TOPIC', 'ses-bounces'],
    ['SES_TOPIC', 'arn:aws:sqs:eu-central-1:123456789012:queue'],
    ['SES_TOPIC', `${topic},x`],
    ['SENDGRID_WEBHOOK_KEY', 'SG.abcdefghijklmnop'],
    ['SENDGRID_WEBHOOK_KEY', spki(rsa)],
    ['MAILGUN_WEBHOOK_KEY', 'short-secret'],
    ['MAILGUN_WEBHOOK_KEY', `with a space in ${long}`],
    ['POSTMARK_WEBHOOK', long],
    ['POSTMARK_WEBHOOK', `:${long}`],
    ['SPARKPOST_WEBHOOK', 'ayes:short-secret'],
    ['SPARKPOST_WEBHOOK', `äyes:${long}`],
    ['MAILJET_WEBHOOK', `ayes:${long}ä`],
    ['BREVO_WEBHOOK_TOKEN', 'short-secret'],
    ['BREVO_WEBHOOK_TOKEN', `${long},${long}`],
    ['RESEND_WEBHOOK_SECRET', long],
    ['RESEND_WEBHOOK_SECRET', 'whsec_c2hvcnQ='],
    ['RESEND_WEBHOOK_SECRET', 'whsec_?'],
  ])('%s=%s', (name, value) => {
    const mistakes = mistakesFrom({ [name]: value })
    expect(mistakes).toEqual([expect.stringMatching(new RegExp(`^${name} .*: write `))])
    if (name !== 'SES_TOPIC' && name !== 'SENDGRID_WEBHOOK_KEY') expect(mistakes[0]).not.toContain(value)
  })

  test.each([
    'MAILGUN_WEBHOOK_KEY',
    'BREVO_WEBHOOK_TOKEN',
    'POSTMARK_WEBHOOK',
    'MAILJET_WEBHOOK',
    'SPARKPOST_WEBHOOK',
  ])('%s with the value of ADMIN_TOKEN: the provider would open everything', (name) => {
    const value = name.endsWith('_WEBHOOK') ? `ayes:${long}` : long
    expect(mistakesFrom({ ADMIN_TOKEN: long, [name]: value })).toEqual([
      expect.stringMatching(`^${name} holds the value of ADMIN_TOKEN`),
    ])
  })
})

test('any of them is a door for bounces: no warning that there is none', () => {
  const relay = {
    SMTP_URL: 'smtp://127.0.0.1:25',
    MAIL_FROM: 'a@example.com',
    PUBLIC_URL: 'https://a.example',
  }
  const warnings = (env: Record<string, string>) => configFrom({ ...relay, ...env }).warnings
  expect(warnings({})).toEqual([expect.stringContaining('BOUNCE_ADDRESS is not set')])
  const values: Readonly<Record<string, string>> = { ...webhookSettings, SES_TOPIC: topic }
  for (const name of webhookNames) expect(warnings({ [name]: values[name] ?? '' })).toEqual([])
})
