/** Those whose webhooks we understand. */
export const providers = [
  'ses',
  'sendgrid',
  'mailgun',
  'postmark',
  'sparkpost',
  'brevo',
  'mailjet',
  'resend',
] as const

export type Provider = (typeof providers)[number]

/** Where a report came in: `relay` is the answer while sending, `message` a mail handed in over HTTP. */
export type BounceDoor = 'relay' | 'message' | 'lmtp' | 'smtp' | 'imap' | Provider
