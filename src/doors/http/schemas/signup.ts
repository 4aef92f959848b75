import { z } from '@hono/zod-openapi'
import { longestProof } from '../../../core/proof-payload.ts'
import { moment, textUpTo } from './text.ts'

const mostAttributes = 20
const attributes = z
  .record(textUpTo(100), textUpTo(500))
  .refine(
    (given) => Object.keys(given).length <= mostAttributes,
    `at most ${mostAttributes} attributes are accepted`,
  )

/** POST /signups. In a form, attributes are fields named `attributes[name]` and `as_typed` is `on`, `1` or `true`. */
export const signupInput = z
  .object({
    email: z.string().openapi({ description: 'As the visitor typed it.', example: 'ann@example.com' }),
    list: z.string().default('default').openapi({ description: 'The slug of the list.' }),
    as_typed: z.boolean().default(false).openapi({ description: 'Do not suggest: the visitor insists.' }),
    locale: textUpTo(100).optional().openapi({
      description: 'BCP 47; else the Accept-Language header decides, else the list.',
      example: 'de',
    }),
    source: textUpTo(64)
      .optional()
      .openapi({ description: 'Where the form stands: bounce rates are kept by it.' }),
    attributes: attributes.optional().openapi({
      description: 'At most 20. Kept and exported, never put into a letter.',
      maxProperties: mostAttributes,
    }),
    consent: textUpTo(2_000).optional().openapi({ description: 'The words that the form showed.' }),
    proof: textUpTo(longestProof)
      .default('')
      .openapi({ description: 'The proof of work for a `challenge`: ALTCHA’s payload, in base64.' }),
    shown: z
      .string()
      .default('')
      .openapi({ description: 'What a form of ours carries; a form of your own leaves it out.' }),
    website: z.string().default('').openapi({ description: 'A trap for programs: people leave it empty.' }),
  })
  .openapi('SignupInput')

export type SignupInput = z.output<typeof signupInput>

/** How forms carry these fields; for `readInput`. */
export const signupForm = { flags: ['as_typed'], groups: ['attributes'] } as const

export const signupAnswer = z
  .object({
    status: z.literal('pending'),
    email: z.string().openapi({ description: 'The address as it was read.' }),
    handle: z
      .string()
      .openapi({ description: 'For GET /signups/{handle}; new each time, good for 24 hours.' }),
    expires_at: moment.openapi({ description: 'Until when the link can be used.' }),
  })
  .openapi('SignupAccepted', { description: 'The same for every address, whatever is known about it.' })

export const letterAnswer = z
  .object({
    letter: z.enum(['queued', 'sent', 'delayed', 'undeliverable', 'confirmed']),
    reason: z.string().nullable().openapi({ description: 'The category of the failure.' }),
    suggestion: z
      .object({ email: z.string(), domain: z.string(), reason: z.string() })
      .nullable()
      .openapi({ description: 'Another address that was probably meant.' }),
    at: moment,
  })
  .openapi('LetterStatus')

export const confirmAnswer = z
  .object({ status: z.enum(['confirmed', 'already']), list: z.string(), email: z.string() })
  .openapi('Confirmed')
