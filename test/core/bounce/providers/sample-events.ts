import type { Provider } from '../../../../src/core/bounce/door.ts'

/** Payloads written for the tests, shaped as the providers' documentation shows them. */

export const token = 'k7q2'.repeat(10).concat('ab')
export const messageId = `<${token}@lists.example.com>`
export const recipient = 'ann@example.org'
export const unknownUser = `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown in local recipient table`

export const sendgrid = (more: object = {}) => ({
  email: recipient,
  timestamp: 1760000000,
  'smtp-id': messageId,
  event: 'bounce',
  type: 'bounce',
  category: ['confirmation'],
  sg_event_id: 'ZXZlbnQtb25l',
  sg_message_id: 'bWVzc2FnZQ.recvd-7d9f-1-6570F0A1-2C.0',
  status: '5.1.1',
  reason: unknownUser,
  'ayes-letter': token,
  ...more,
})

export const sesMail = {
  timestamp: '2026-03-01T10:00:00.000Z',
  source: `bounces+${token}@lists.example.com`,
  messageId: '0100018c-aaaa-000000',
  destination: [recipient],
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'List <list@example.com>' },
    { name: 'X-Ayes-Letter', value: token },
    { name: 'Message-ID', value: messageId },
  ],
  commonHeaders: { to: [recipient], messageId },
  tags: { 'ayes-letter': [token] },
}

export const sesBounce = (more: object = {}, one: object = {}) => ({
  notificationType: 'Bounce',
  bounce: {
    feedbackId: '0100018c-feed-000000',
    bounceType: 'Permanent',
    bounceSubType: 'General',
    timestamp: '2026-03-01T10:00:05.000Z',
    reportingMTA: 'dns; a1-2.smtp-out.amazonses.com',
    bouncedRecipients: [
      {
        emailAddress: recipient,
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: `smtp; ${unknownUser}`,
        ...one,
      },
    ],
    ...more,
  },
  mail: sesMail,
})

export const mailgun = (more: object = {}, delivery: object = {}) => ({
  signature: { timestamp: '1760000000', token: 'a'.repeat(50), signature: 'b'.repeat(64) },
  'event-data': {
    id: 'G9Bn5sl1TC6nu79C8C0bwg',
    event: 'failed',
    severity: 'permanent',
    reason: 'bounce',
    timestamp: 1760000000.25,
    'log-level': 'error',
    recipient,
    envelope: { sender: `bounces+${token}@lists.example.com`, transport: 'smtp', targets: recipient },
    message: { headers: { to: recipient, 'message-id': messageId.slice(1, -1) } },
    'user-variables': { 'ayes-letter': token },
    'delivery-status': {
      'attempt-no': 1,
      code: 550,
      'enhanced-code': '5.1.1',
      message: `5.1.1 <${recipient}>: Recipient address rejected: User unknown`,
      description: '',
      'mx-host': 'mx.example.org',
      ...delivery,
    },
    ...more,
  },
})

export const postmark = (more: object = {}) => ({
  RecordType: 'Bounce',
  ID: 692560173,
  Type: 'HardBounce',
  TypeCode: 1,
  Name: 'Hard bounce',
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Metadata: { 'ayes-letter': token },
  Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
  Details: `smtp;${unknownUser}`,
  Email: recipient,
  From: 'list@example.com',
  BouncedAt: '2026-03-01T10:00:05.000Z',
  Inactive: true,
  CanActivate: true,
  Subject: 'Please confirm',
  ...more,
})

export const sparkpost = (more: object = {}) => ({
  msys: {
    message_event: {
      type: 'bounce',
      bounce_class: '10',
      error_code: '550',
      event_id: '92356927693813856',
      message_id: '000443ee14578172be22',
      msg_from: `bounces+${token}@lists.example.com`,
      raw_rcpt_to: recipient,
      rcpt_to: recipient,
      rcpt_meta: { 'ayes-letter': token },
      raw_reason: unknownUser,
      reason: unknownUser,
      timestamp: '1760000000',
      transmission_id: '65832150921904138',
      ...more,
    },
  },
})

export const brevo = (more: object = {}) => ({
  event: 'hard_bounce',
  email: recipient,
  id: 4711,
  date: '2026-03-01 11:00:05',
  ts: 1760000000,
  ts_event: 1760000005,
  'message-id': messageId,
  subject: 'Please confirm',
  'X-Mailin-custom': `ayes-letter:${token}`,
  tags: ['confirmation'],
  reason: unknownUser,
  ...more,
})

export const mailjet = (more: object = {}) => ({
  event: 'bounce',
  time: 1760000000,
  MessageID: 5764607565136,
  Message_GUID: '1ab23cd4-e567-8901-2345-6789f0gh1i2j',
  email: recipient,
  mj_campaign_id: 7173,
  CustomID: token,
  Payload: '',
  blocked: false,
  hard_bounce: true,
  error_related_to: 'recipient',
  error: 'user unknown',
  comment: '',
  ...more,
})

export const resend = (more: object = {}, bounce: object = {}) => ({
  type: 'email.bounced',
  created_at: '2026-03-01T10:00:05.000Z',
  data: {
    created_at: '2026-03-01T10:00:00.000Z',
    email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
    from: 'List <list@example.com>',
    to: [recipient],
    subject: 'Please confirm',
    headers: [{ name: 'X-Ayes-Letter', value: token }],
    tags: { 'ayes-letter': token },
    bounce: {
      type: 'Permanent',
      subType: 'General',
      message: 'The email could not be delivered because the address was refused for good.',
      diagnosticCode: [`smtp; ${unknownUser}`],
      ...bounce,
    },
  },
  ...more,
})

/** One payload of each, about one mailbox that does not exist. */
export const deadMailbox: Readonly<Record<Provider, unknown>> = {
  ses: sesBounce(),
  sendgrid: [sendgrid()],
  mailgun: mailgun(),
  postmark: postmark(),
  sparkpost: [sparkpost()],
  brevo: brevo(),
  mailjet: [mailjet()],
  resend: resend(),
}
