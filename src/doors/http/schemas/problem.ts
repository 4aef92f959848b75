import { z } from '@hono/zod-openapi'
import { suggestionSchema } from './suggestion.ts'

export const problemSchema = z
  .object({
    type: z
      .string()
      .openapi({ description: 'Where this page explains the code.', example: '/docs#bad-request' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What was wrong, and where. For people.' }),
    code: z.string().openapi({ description: 'For programs: it does not change.', example: 'bad-request' }),
    field: z.string().optional().openapi({ description: 'The input that was wrong.' }),
    reason: z.string().optional().openapi({ description: 'A finer code.' }),
    email: z.string().optional(),
    suggestion: suggestionSchema.optional(),
  })
  .openapi('Problem', { description: 'An error as RFC 9457 writes it.' })

export const didYouMean = problemSchema
  .extend({ code: z.literal('did-you-mean'), email: z.string(), suggestion: suggestionSchema })
  .openapi('DidYouMean')
