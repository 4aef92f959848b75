// The doors of mail providers as the document tells of them.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { type Provider, providers } from '../../../core/bounce/door.ts'
import { json, problems } from '../schemas/describe.ts'
import { webhookAnswer } from '../schemas/link.ts'
import type { HttpEnv } from '../shell/http-env.ts'

const names: Readonly<Record<Provider, string>> = {
  ses: 'Amazon SES, by way of SNS',
  sendgrid: 'SendGrid',
  mailgun: 'Mailgun',
  postmark: 'Postmark',
  sparkpost: 'SparkPost',
  brevo: 'Brevo',
  mailjet: 'Mailjet',
  resend: 'Resend',
}

const proofs: Readonly<Record<Provider, string>> = {
  ses: 'The signature of SNS, version 1 or 2, and a topic of SES_TOPIC. A subscription is confirmed by itself.',
  sendgrid: 'ECDSA over time and body, in the headers of the signed event webhook.',
  mailgun: 'HMAC-SHA-256 over time and token, in the body. A token is good for one event.',
  postmark: 'The login of POSTMARK_WEBHOOK.',
  sparkpost: 'The login of SPARKPOST_WEBHOOK.',
  brevo: 'BREVO_WEBHOOK_TOKEN as bearer token.',
  mailjet: 'The login of MAILJET_WEBHOOK.',
  resend: 'Standard Webhooks: HMAC-SHA-256 over id, time and body.',
}

const basic = [{ provider: [] }]
const security: Readonly<Partial<Record<Provider, { [scheme: string]: string[] }[]>>> = {
  postmark: basic,
  sparkpost: basic,
  mailjet: basic,
  brevo: [{ providerToken: [] }],
}

const again = 'Up to 5 MB. The same event again is a repeat and changes nothing. 404 while it is not set up.'

function webhookPath(provider: Provider) {
  return createRoute({
    method: 'post',
    path: `/bounces/${provider}`,
    tags: ['Bounces'],
    summary: `What ${names[provider]} tells about letters`,
    description: `${proofs[provider]} ${again}`,
    ...(security[provider] === undefined ? {} : { security: security[provider] }),
    ...shared,
  })
}

const shared = {
  request: { body: { required: true, content: { 'application/json': { schema: z.unknown() } } } },
  responses: { 200: json(webhookAnswer, 'Taken.'), ...problems(400, 401, 404, 413, 503) },
}

const mailjetSecret = createRoute({
  method: 'post',
  path: '/bounces/mailjet/{secret}',
  tags: ['Bounces'],
  summary: 'The same for Mailjet, with a secret in the path',
  description: `The password of MAILJET_WEBHOOK. ${again}`,
  request: { ...shared.request, params: z.object({ secret: z.string() }) },
  responses: shared.responses,
})

export function webhookPaths() {
  return [...providers.map(webhookPath), mailjetSecret]
}

export function registerWebhookSecurity(registry: OpenAPIHono<HttpEnv>['openAPIRegistry']): void {
  registry.registerComponent('securitySchemes', 'provider', {
    type: 'http',
    scheme: 'basic',
    description: 'As the webhook is set up with it.',
  })
  registry.registerComponent('securitySchemes', 'providerToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'BREVO_WEBHOOK_TOKEN.',
  })
}
