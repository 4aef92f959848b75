// Waves of refusals as the admin sees them.
import { z } from '@hono/zod-openapi'
import { pageQuery } from './page.ts'
import { moment } from './text.ts'

const count = z.int().min(0)
export const waveStates = ['open', 'over', 'undone'] as const

export const waveQuery = pageQuery.extend({ state: z.enum(waveStates).optional() })

export const waveRecord = z
  .object({
    id: z.string(),
    kind: z.enum(['domain', 'provider', 'reputation']).openapi({
      description:
        'One domain refuses; several domains of one receiving provider do; or several refuse us for what we are (5.7.x).',
    }),
    subject: z
      .string()
      .nullable()
      .openapi({ description: 'The domain or the provider; null for our reputation.', example: 'gmail.com' }),
    domains: z.array(z.string()),
    state: z.enum(waveStates),
    began_at: moment.openapi({ description: 'The first refusal that counts to it.' }),
    noticed_at: moment,
    ended_at: moment.nullable(),
    ended_why: z
      .enum(['fell-back', 'trial', 'resumed', 'undone'])
      .nullable()
      .openapi({ description: '`trial`: a letter got through while others were held.' }),
    numbers: z
      .object({
        clients: count.openapi({ description: 'Distinct clients whose letters were refused.' }),
        accepted: count.openapi({
          description:
            'Letters accepted meanwhile: there, or over all domains for a provider and a reputation.',
        }),
        before: z.object({ refused: count, accepted: count }),
        usual: z.number().openapi({ description: 'The share refused that counted as usual, 0 to 1.' }),
      })
      .openapi({ description: 'As they were when the alarm was raised.' }),
    held: count.openapi({
      description:
        'Letters that wait for it: held by BOUNCE_GUARD=pause, or fresh ones whose turn is still to come.',
    }),
    undo: z
      .object({
        asked_at: moment,
        done_at: moment.nullable(),
        found: count.openapi({
          description: 'Signups to be written to, as it looked when it was asked for.',
        }),
        sent: count.openapi({ description: 'Fresh letters written so far.' }),
        skipped: count.openapi({ description: 'Refusals with nothing left to undo.' }),
      })
      .nullable(),
    examples: z
      .array(
        z.object({
          signup: z.string(),
          at: moment,
          category: z.string(),
          status: z.string().nullable(),
          reply: z.string().nullable(),
        }),
      )
      .openapi({ description: 'The newest refusals, ten at most.' }),
  })
  .openapi('Wave')
