// Providers as they call us: what they echo of a letter, in their own words, with their own proof.
import { createHmac, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import type { Provider } from '../../src/core/bounce/door.ts'
import { headersOf } from '../../src/mail/letter-headers.ts'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const mailgunKey = '0123456789abcdef0123456789abcdef'
export const resendKey = randomBytes(32)
export const brevoToken = 'brevo-token-for-tests-only-0001'
export const logins = {
  postmark: 'ayes:postmark-password-for-tests-1',
  sparkpost: 'ayes:sparkpost-password-for-tests-1',
  mailjet: 'ayes:mailjet-password-for-tests-1',
}
export const topic = 'arn:aws:sns:eu-central-1:123456789012:ses-bounces'

/** All providers but SES, whose host must be played. */
export const webhookSettings: Readonly<Record<string, string>> = {
  SENDGRID_WEBHOOK_KEY: keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  MAILGUN_WEBHOOK_KEY: mailgunKey,
  POSTMARK_WEBHOOK: logins.postmark,
  SPARKPOST_WEBHOOK: logins.sparkpost,
  BREVO_WEBHOOK_TOKEN: brevoToken,
  MAILJET_WEBHOOK: logins.mailjet,
  RESEND_WEBHOOK_SECRET: `whsec_${resendKey.toString('base64')}`,
}
export const calling = ['sendgrid', 'mailgun', 'postmark', 'sparkpost', 'brevo', 'mailjet', 'resend'] as const
export type Calling = (typeof calling)[number]

export type Call = { readonly headers: Record<string, string>; readonly body: Buffer }

export const nowInSeconds = () => Math.floor(Date.now() / 1000)
const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` })

export function sendgridCall(body: Buffer, at = nowInSeconds(), key = keys.privateKey): Call {
  const signature = sign('sha256', Buffer.concat([Buffer.from(String(at)), body]), key).toString('base64')
  return {
    headers: {
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': String(at),
    },
    body,
  }
}

export function mailgunSignature(at = nowInSeconds(), token = randomBytes(25).toString('hex')) {
  const timestamp = String(at)
  const signature = createHmac('sha256', mailgunKey).update(timestamp).update(token).digest('hex')
  return { timestamp, token, signature }
}

export function resendCall(body: Buffer, at = nowInSeconds(), prefix = 'svix'): Call {
  const id = `msg_${randomUUID()}`
  const signature = createHmac('sha256', resendKey).update(`${id}.${at}.`).update(body).digest('base64')
  const headers = {
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(at),
    [`${prefix}-signature`]: `v1,AAAA v1,${signature}`,
  }
  return { headers, body }
}

/** The proof of a provider around a payload; bytes go as they are, where the proof is not in them. */
export function callOf(provider: Calling, payload: unknown): Call {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
  switch (provider) {
    case 'sendgrid':
      return sendgridCall(body)
    case 'resend':
      return resendCall(body)
    case 'brevo':
      return { headers: { authorization: `Bearer ${brevoToken}` }, body }
    case 'mailgun':
      return {
        headers: {},
        body: Buffer.isBuffer(payload)
          ? body
          : Buffer.from(JSON.stringify({ signature: mailgunSignature(), 'event-data': payload })),
      }
    default:
      return { headers: basic(logins[provider]), body }
  }
}

export type MarkedLetter = { readonly to: string; readonly header: (name: string) => string }

export function readMarks(raw: string, to: string): MarkedLetter {
  const headers = headersOf(raw)
  return {
    to,
    header(name) {
      const found = headers.find((one) => one.name.toLowerCase() === name.toLowerCase())
      if (found === undefined) throw new Error(`the letter has no header ${name}`)
      return found.value
    },
  }
}

/** "No such mailbox", told of a letter by what the provider echoes of it and nothing else; an id of its own each time. */
export function refusalOf(provider: Provider, letter: MarkedLetter): object {
  const recipient = letter.to
  const reply = `550 5.1.1 <${recipient}>: User unknown`
  const id = randomUUID()
  const at = nowInSeconds()
  switch (provider) {
    case 'sendgrid':
      return {
        ...JSON.parse(letter.header('x-smtpapi')).unique_args,
        email: recipient,
        timestamp: at,
        event: 'bounce',
        type: 'bounce',
        sg_event_id: id,
        status: '5.1.1',
        reason: reply,
      }
    case 'mailgun':
      return {
        id,
        event: 'failed',
        severity: 'permanent',
        timestamp: at + 0.5,
        recipient,
        'user-variables': JSON.parse(letter.header('x-mailgun-variables')),
        'delivery-status': { code: 550, message: reply },
        message: { headers: { 'message-id': 'other@example.com' } },
      }
    case 'postmark':
      return {
        RecordType: 'Bounce',
        ID: Math.floor(Math.random() * 2 ** 40),
        Type: 'HardBounce',
        TypeCode: 1,
        MessageID: id,
        Email: recipient,
        Metadata: { 'ayes-letter': letter.header('x-pm-metadata-ayes-letter') },
        Details: `smtp;${reply}`,
        BouncedAt: new Date().toISOString(),
      }
    case 'sparkpost':
      return {
        msys: {
          message_event: {
            type: 'bounce',
            event_id: id,
            bounce_class: '10',
            error_code: '550',
            raw_reason: reply,
            reason: reply,
            rcpt_to: recipient,
            raw_rcpt_to: recipient,
            rcpt_meta: JSON.parse(letter.header('x-msys-api')).metadata,
            timestamp: String(at),
          },
        },
      }
    case 'brevo':
      return {
        event: 'hard_bounce',
        email: recipient,
        id: 9,
        'message-id': `<${id}@smtp-relay.mailin.fr>`,
        ts_event: at,
        'X-Mailin-custom': letter.header('x-mailin-custom'),
        reason: reply,
      }
    case 'mailjet':
      return {
        event: 'bounce',
        time: at,
        MessageID: Math.floor(Math.random() * 2 ** 50),
        Message_GUID: id,
        email: recipient,
        CustomID: letter.header('x-mj-customid'),
        blocked: false,
        hard_bounce: true,
        error_related_to: 'recipient',
        error: 'user unknown',
        comment: reply,
      }
    case 'resend':
      return {
        type: 'email.bounced',
        created_at: new Date().toISOString(),
        data: {
          email_id: id,
          to: [recipient],
          headers: [{ name: 'X-Ayes-Letter', value: letter.header('x-ayes-letter') }],
          bounce: {
            type: 'Permanent',
            subType: 'General',
            message: reply,
            diagnosticCode: [`smtp; ${reply}`],
          },
        },
      }
    case 'ses':
      return {
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'NoEmail',
          feedbackId: id,
          bouncedRecipients: [
            { emailAddress: recipient, action: 'failed', status: '5.1.1', diagnosticCode: `smtp; ${reply}` },
          ],
        },
        mail: {
          messageId: id,
          destination: [recipient],
          tags: { 'ayes-letter': [letter.header('x-ses-message-tags').replace(/^ayes-letter=/, '')] },
        },
      }
  }
}
