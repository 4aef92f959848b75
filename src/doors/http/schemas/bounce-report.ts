// The report on bounces. Rates are from 0 to 1; days are in UTC and both ends belong to a period.
import { z } from '@hono/zod-openapi'
import { moment } from './text.ts'

const count = z.int().min(0)
const rate = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .openapi({ description: 'Hard bounces over accepted letters; null where there is neither.' })
const day = z.string().openapi({ example: '2026-01-31' })

export const reportQuery = z.object({
  by: z.enum(['day', 'week']).default('day'),
  from: day.optional().openapi({ description: 'The first day, in UTC.' }),
  to: day.optional().openapi({ description: 'The last day, in UTC; today unless given.' }),
})

const figures = z
  .object({
    from: day,
    to: day,
    letters: count.openapi({ description: 'Accepted by the relay.' }),
    refused: count.openapi({ description: 'Refused by the relay for good.' }),
    hard_bounces: count,
    rate,
    bounces: z.record(z.string(), count).openapi({ description: 'By category of failure.' }),
  })
  .openapi('BounceFigures')

const outstanding = z
  .object({
    key: z.string().openapi({ description: 'Empty for signups without a source.' }),
    letters: count,
    hard_bounces: count,
    rate: z.number(),
    rate_of_others: z.number().openapi({ description: 'Of all others together.' }),
    is_new: z.boolean().openapi({ description: 'It did not stand out in the period before.' }),
  })
  .openapi('BounceOutstanding')

export const reportAnswer = z
  .object({
    by: z.enum(['day', 'week']),
    last_24_hours: z
      .object({
        letters: count,
        refused: count,
        hard_bounces: count,
        rate,
        limit: z
          .number()
          .nullable()
          .openapi({ description: 'BOUNCE_RATE_LIMIT; null where no alarm is wanted.' }),
        exceeded: z.boolean(),
        since: moment.nullable().openapi({ description: 'Since when the alarm is on.' }),
      })
      .openapi({ description: 'The bounce rate now, whatever period is asked for.' }),
    period: figures,
    before: figures.openapi({ description: 'The period of the same length before it.' }),
    items: z.array(figures).openapi({ description: 'The days or weeks of the period, newest first.' }),
    standing_out: z
      .object({
        domains: z.array(outstanding),
        sources: z.array(outstanding),
        lists: z.array(outstanding),
      })
      .openapi({ description: 'Bounces more than all others, by more than chance explains; worst first.' }),
    changes: z
      .array(
        z.object({
          what: z.string().openapi({ description: '`hard-bounces`, or a category of failure.' }),
          direction: z.enum(['up', 'down']),
          now: count,
          before: count,
        }),
      )
      .openapi({ description: 'More or less than before, by more than chance explains.' }),
    open_waves: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['domain', 'provider', 'reputation']),
        subject: z.string().nullable(),
        since: moment,
      }),
    ),
  })
  .openapi('BounceReport')
