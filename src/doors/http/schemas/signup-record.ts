// Signups as the admin sees them.
import { z } from '@hono/zod-openapi'
import { signupStatuses } from '../../../core/signup-states.ts'
import { moment } from './text.ts'

export const signupRecord = z
  .object({
    id: z.string(),
    list: z.string(),
    email: z.string(),
    status: z.enum(signupStatuses),
    reason: z.string().nullable(),
    source: z.string().nullable(),
    locale: z.string(),
    signed_up_at: moment,
    confirmed_at: moment.nullable(),
    attributes: z.record(z.string(), z.string()),
  })
  .openapi('Signup')

const letter = z.object({
  id: z.string(),
  kind: z.enum(['confirmation', 'already']),
  state: z.enum(['queued', 'sent', 'delayed', 'undeliverable', 'dropped']),
  reply: z.string().nullable().openapi({ description: 'The last answer of the relay.' }),
  reason: z.string().nullable().openapi({ description: 'The category of the failure.' }),
  created_at: moment,
  sent_at: moment.nullable(),
})

const event = z.object({
  type: z.string(),
  at: moment,
  detail: z.record(z.string(), z.unknown()).nullable(),
})

export const signupInFull = signupRecord
  .extend({ letters: z.array(letter), events: z.array(event) })
  .openapi('SignupInFull')

export const correctInput = z
  .object({ email: z.string().openapi({ description: 'The right address.', example: 'ann@gmail.com' }) })
  .openapi('Correction')

const suppression = z.object({
  reason: z.string().openapi({ description: 'A category of failure, `not-me` or `complaint`.' }),
  status: z.string().nullable().openapi({ example: '5.1.1' }),
  reply: z.string().nullable(),
  since: moment,
  until: moment,
})

export const suppressionRecord = suppression
  .extend({ email: z.string().nullable().openapi({ description: 'null once the person was erased.' }) })
  .openapi('Suppression')

/** Everything, the client's address and agent included. */
export const personAnswer = z
  .object({
    email: z.string(),
    signups: z.array(
      signupRecord.extend({
        consent: z.string().nullable(),
        consent_as_posted: z.string().nullable(),
        signup_ip: z.string().nullable(),
        confirm_ip: z.string().nullable(),
        letters: z.array(letter.extend({ recipient: z.string() })),
        events: z.array(event.extend({ ip: z.string().nullable(), agent: z.string().nullable() })),
      }),
    ),
    suppression: suppression.nullable(),
    departures: z.array(z.object({ list: z.string(), email: z.string(), left_at: moment, why: z.string() })),
    bounces: z.array(
      z.object({
        id: z.string(),
        received_at: moment,
        door: z.string(),
        category: z.string().nullable(),
        status: z.string().nullable(),
        reply: z.string().nullable(),
        recipient: z.string().nullable(),
        matched: z.boolean(),
      }),
    ),
  })
  .openapi('Person')
