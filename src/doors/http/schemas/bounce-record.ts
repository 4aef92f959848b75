// Reports that came in, as the admin sees them.
import { z } from '@hono/zod-openapi'
import { bounceCategories } from '../../../flows/show-bounces.ts'
import { pageQuery } from './page.ts'
import { moment } from './text.ts'

const category = z.enum(bounceCategories)
const word = z.string().max(200)

export const bouncesQuery = pageQuery.extend({
  unmatched: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Only those that named no letter of ours, or only those that did.' }),
  category: category.optional(),
  door: word.optional().openapi({ example: 'relay' }),
  rule: word.optional().openapi({ description: 'The rule that decided, to the letter.' }),
})

export const bounceRecord = z
  .object({
    id: z.string(),
    at: moment,
    door: z.string().openapi({
      description: 'Where it came in: `relay` is the answer while sending; else a door or a provider.',
    }),
    matched: z.boolean(),
    category: z.string().nullable().openapi({
      description: 'A category of failure; null: it reports none.',
      example: 'mailbox-does-not-exist',
    }),
    status: z.string().nullable().openapi({ example: '5.1.1' }),
    reply: z.string().nullable().openapi({ description: 'The words that decided.' }),
    recipient: z.string().nullable().openapi({ description: 'Whom the letter did not reach.' }),
    rule: z.string().nullable(),
    forwarded: z
      .boolean()
      .openapi({ description: 'The failure lies behind a forward: the address that was typed exists.' }),
    signup_id: z.string().nullable(),
    letter_id: z.string().nullable(),
  })
  .openapi('Bounce')

export const bounceInFull = bounceRecord
  .extend({
    raw: z.string().nullable().openapi({
      description:
        'The message, up to 64 KB of it, of a report that named no letter of ours; control characters are replaced.',
    }),
  })
  .openapi('BounceInFull')
