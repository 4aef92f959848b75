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
const suggestionCounts = z.object({
  shown: count,
  taken: count,
  declined: count,
  declined_confirmed: count,
  declined_bounced: count,
})

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
    suggestions_declined_confirmed: count.openapi({ description: 'Declined, and the address was right.' }),
    suggestions_declined_bounced: count.openapi({ description: 'Declined, and the letter came back.' }),
    suggestions_by_reason: z
      .record(z.string(), suggestionCounts)
      .openapi({ description: 'By `typo`, `format` and `domain-takes-no-mail`.' }),
    disposable: count.openapi({ description: 'Signups with an address that is given out for some minutes.' }),
    letters: count,
    confirmed: count,
    invalid: count,
    declined: count,
    unsubscribed: count,
    brought_back: count.openapi({ description: 'Made anew after a wave of refusals was undone.' }),
    bounces: z.record(z.string(), count).openapi({ description: 'By category of failure.' }),
    hard_bounces: count.openapi({ description: 'Letters to addresses that cannot be reached, each once.' }),
    bounce_rate: z
      .number()
      .nullable()
      .openapi({ description: 'Hard bounces over accepted letters, 0 to 1; null where there is neither.' }),
  })
  .openapi('Stats', {
    description: 'One line for each day, source, domain or list, whichever was asked for.',
  })
