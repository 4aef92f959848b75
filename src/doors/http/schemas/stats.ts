import { z } from '@hono/zod-openapi'

export const statsQuery = z.object({
  by: z.enum(['day', 'source', 'domain', 'list']).default('day'),
  from: z.string().optional().openapi({ description: 'The first day, in UTC.', example: '2026-01-01' }),
  to: z
    .string()
    .optional()
    .openapi({ description: 'The last day, in UTC; today unless given.', example: '2026-01-31' }),
})

const count = z.int().min(0)
const key = z.string().optional()

export const statsItem = z
  .object({
    day: key,
    source: key.openapi({ description: 'Empty for signups without one.' }),
    domain: key,
    list: key,
    signups: count,
    suggestions_shown: count,
    suggestions_taken: count,
    suggestions_declined: count,
    letters: count,
    confirmed: count,
    invalid: count,
    declined: count,
    unsubscribed: count,
    bounces: z.record(z.string(), count).openapi({ description: 'By category of failure.' }),
  })
  .openapi('Stats', {
    description: 'One line for each day, source, domain or list, whichever was asked for.',
  })
