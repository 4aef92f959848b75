// What each mail provider proves itself with at its webhook. A provider without its setting has no door.
import { createPublicKey } from 'node:crypto'
import type { Reading, Settings } from './settings.ts'
import type { WebhookLogin, WebhooksConfig } from './shape.ts'
import { splitList } from './values.ts'

/** Of what the operator makes up; a provider's own keys have the length that the provider gave them. */
const shortestSecret = 24
/** Standard Webhooks: 24 to 64 bytes. */
const shortestResendBytes = 24

/** A secret that a provider is given must open nothing else. */
const ownSecrets = ['ADMIN_TOKEN', 'SECRET_KEY', 'BOUNCE_TOKEN', 'METRICS_TOKEN']

export const webhookNames = [
  'SES_TOPIC',
  'SENDGRID_WEBHOOK_KEY',
  'MAILGUN_WEBHOOK_KEY',
  'POSTMARK_WEBHOOK',
  'SPARKPOST_WEBHOOK',
  'BREVO_WEBHOOK_TOKEN',
  'MAILJET_WEBHOOK',
  'RESEND_WEBHOOK_SECRET',
] as const

export function readWebhooks(settings: Settings): WebhooksConfig {
  const webhooks: WebhooksConfig = {
    ses: settings.read('SES_TOPIC', null, readTopics),
    sendgrid: settings.read('SENDGRID_WEBHOOK_KEY', null, readVerificationKey),
    mailgun: settings.readSecret('MAILGUN_WEBHOOK_KEY', null, readSigningKey),
    postmark: settings.readSecret('POSTMARK_WEBHOOK', null, readLogin),
    sparkpost: settings.readSecret('SPARKPOST_WEBHOOK', null, readLogin),
    brevo: settings.readSecret('BREVO_WEBHOOK_TOKEN', null, readToken),
    mailjet: settings.readSecret('MAILJET_WEBHOOK', null, readLogin),
    resend: settings.readSecret('RESEND_WEBHOOK_SECRET', null, readSigningSecret),
  }
  const { mailgun, brevo } = webhooks
  checkThatItOpensNothingElse(settings, [
    ['MAILGUN_WEBHOOK_KEY', mailgun],
    ['POSTMARK_WEBHOOK', webhooks.postmark?.password ?? null],
    ['SPARKPOST_WEBHOOK', webhooks.sparkpost?.password ?? null],
    ['BREVO_WEBHOOK_TOKEN', brevo],
    ['MAILJET_WEBHOOK', webhooks.mailjet?.password ?? null],
  ])
  return webhooks
}

/** Every secret in it, for the log to hide. */
export function webhookSecrets(webhooks: WebhooksConfig): (string | null)[] {
  const logins = [webhooks.postmark, webhooks.sparkpost, webhooks.mailjet]
  return [
    webhooks.mailgun,
    webhooks.brevo,
    webhooks.resend,
    ...logins.map((login) => login?.password ?? null),
  ]
}

function checkThatItOpensNothingElse(
  settings: Settings,
  secrets: readonly (readonly [string, string | null])[],
): void {
  for (const [name, secret] of secrets) {
    const same = ownSecrets.find((own) => secret !== null && settings.text(own) === secret)
    if (same === undefined) continue
    settings.mistakes.push(
      `${name} holds the value of ${same}, which the provider would then know: write a value of its own, such as "openssl rand -hex 24" prints`,
    )
  }
}

function readTopics(text: string): Reading<readonly string[]> {
  const topics = [...new Set(splitList(text))]
  const isTopic = (one: string) => /^arn:aws[a-z-]*:sns:[a-z0-9-]{1,40}:\d{1,20}:[\w-]{1,256}$/.test(one)
  if (topics.length > 0 && topics.every(isTopic)) return { kind: 'value', value: topics }
  return {
    kind: 'wrong',
    problem: 'is not the ARN of an SNS topic',
    instead:
      'it as the console shows it, arn:aws:sns:eu-central-1:123456789012:ses-bounces, with commas between several',
  }
}

function readVerificationKey(text: string): Reading<string> {
  const instead =
    'the verification key as SendGrid shows it beside Signed Event Webhook, which begins with MFkw'
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ec') return { kind: 'value', value: text }
    return { kind: 'wrong', problem: `is a key of type ${key.asymmetricKeyType}`, instead }
  } catch {
    return { kind: 'wrong', problem: 'is not a public key in base64', instead }
  }
}

function readSigningKey(text: string): Reading<string> {
  const instead = "Mailgun's HTTP webhook signing key, which is not the API key"
  return secret(text, { least: shortestSecret, instead })
}

function readToken(text: string): Reading<string> {
  if (text.includes(',')) {
    return { kind: 'wrong', problem: 'holds a comma, which a bearer token cannot', instead: madeUp }
  }
  return secret(text, { least: shortestSecret, instead: madeUp })
}

const madeUp = `at least ${shortestSecret} characters, such as "openssl rand -hex 24" prints`

function readLogin(text: string): Reading<WebhookLogin> {
  const instead = `user:password with a password of at least ${shortestSecret} characters, such as ayes: and what "openssl rand -hex 24" prints`
  const colon = text.indexOf(':')
  if (colon < 1) return { kind: 'wrong', problem: 'is not user:password', instead }
  const user = text.slice(0, colon)
  const password = secret(text.slice(colon + 1), { least: shortestSecret, instead })
  if (!/^[\x21-\x7e]+$/.test(user)) return { kind: 'wrong', problem: 'has a user that is not ASCII', instead }
  return password.kind === 'wrong' ? password : { kind: 'value', value: { user, password: password.value } }
}

/** The `whsec_` in front is a label; the key is the base64 behind it. */
function readSigningSecret(text: string): Reading<string> {
  const instead = 'the signing secret as Resend shows it, whsec_ and what follows'
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1]
  if (encoded === undefined)
    return { kind: 'wrong', problem: 'does not begin with whsec_ or is no base64', instead }
  const { length } = Buffer.from(encoded, 'base64')
  return length < shortestResendBytes
    ? { kind: 'wrong', problem: `has ${length} bytes`, instead }
    : { kind: 'value', value: encoded }
}

function secret(text: string, { least, instead }: { least: number; instead: string }): Reading<string> {
  if (!/^[\x21-\x7e]*$/.test(text)) {
    return { kind: 'wrong', problem: 'holds a space or a sign that is not ASCII', instead }
  }
  return text.length < least
    ? { kind: 'wrong', problem: `has ${text.length} characters where a secret is asked for`, instead }
    : { kind: 'value', value: text }
}
